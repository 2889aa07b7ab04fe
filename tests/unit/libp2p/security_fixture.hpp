// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/secure_channel.hpp"

#include <gtest/gtest.h>

#include <algorithm>

/// What the tests of all security protocols share.
namespace mexport::libp2p::test {

/// Collects plaintext; fails from the n-th call on when told to.
class CollectingSink final : public PlaintextSink {
 public:
  base::Status on_plaintext(base::ByteView plaintext) override {
    EXPECT_FALSE(plaintext.empty());
    ++calls;
    if (fail_with) return base::fail(fail_with);
    base::append(bytes, plaintext);
    return {};
  }

  base::Bytes bytes;
  std::size_t calls = 0;
  std::error_code fail_with;
};

/// Feeds `in` in pieces of `step` bytes; whatever the handshake does not take stays in `in`.
inline base::Status feed(SecurityHandshake& handshake, base::Bytes& in, base::Bytes& out,
                         std::size_t step) {
  std::size_t taken = 0;
  while (taken < in.size() && !handshake.done()) {
    const auto piece = base::ByteView(in).subspan(taken, std::min(step, in.size() - taken));
    const auto consumed = handshake.receive(piece, out);
    if (!consumed) return base::fail(consumed.error());
    taken += *consumed;
    if (*consumed < piece.size() && !handshake.done()) {
      ADD_FAILURE() << "bytes left before the end";
      break;
    }
  }
  in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(taken));
  return {};
}

/// Runs two handshakes against each other; the first error ends it.
inline base::Status run(SecurityHandshake& initiator, SecurityHandshake& responder,
                        std::size_t step = 100'000) {
  base::Bytes to_responder;
  base::Bytes to_initiator;
  if (auto status = responder.start(to_initiator); !status) return status;
  EXPECT_TRUE(to_initiator.empty());
  if (auto status = initiator.start(to_responder); !status) return status;
  for (int turn = 0; turn < 3 && !(initiator.done() && responder.done()); ++turn) {
    if (auto s = feed(responder, to_responder, to_initiator, step); !s) return s;
    if (auto s = feed(initiator, to_initiator, to_responder, step); !s) return s;
  }
  EXPECT_TRUE(initiator.done() && responder.done());
  return {};
}

}  // namespace mexport::libp2p::test
