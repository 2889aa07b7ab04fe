// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/secure_channel.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

/// What the targets of all security protocols share.
namespace mexport::fuzz {

/// Collects what a channel passes on.
class Collector final : public libp2p::PlaintextSink {
 public:
  base::Status on_plaintext(base::ByteView plaintext) override {
    if (plaintext.empty()) std::abort();
    base::append(bytes, plaintext);
    return {};
  }

  base::Bytes bytes;
};

/// Nothing but a beginning of what was sent may have come out.
inline void require_beginning(const base::Bytes& got, const base::Bytes& sent) {
  if (got.size() > sent.size() || !std::equal(got.begin(), got.end(), sent.begin())) std::abort();
}

/// Any bytes in pieces of `step` as the other side of a handshake: without keys none of them may
/// end it, and after `most` bytes it must have given up.
inline void fuzz_handshake(libp2p::SecurityHandshake& handshake, base::ByteView rest,
                           std::size_t step, std::size_t most) {
  base::Bytes out;
  if (!handshake.start(out)) std::abort();
  for (std::size_t taken = 0; !rest.empty(); taken += step) {
    const auto piece = rest.first(std::min(step, rest.size()));
    const auto consumed = handshake.receive(piece, out);
    if (!consumed) return;
    if (handshake.done() || *consumed != piece.size()) std::abort();
    if (taken > most) std::abort();
    rest = rest.subspan(piece.size());
  }
}

}  // namespace mexport::fuzz
