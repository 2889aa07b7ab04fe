// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/noise/handshake.hpp"
#include "libp2p/noise/payload.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mexport::libp2p::noise {

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

/// A node of the tests: identity key, static Noise key, Aead.
struct Party {
  explicit Party(crypto::KeyType type = crypto::KeyType::ed25519,
                 std::vector<std::string> muxers = {"/yamux/1.0.0"})
      : identity(crypto::PrivateKey::generate(type).value()),
        static_identity(StaticIdentity::create(identity, std::move(muxers)).value()) {}

  Handshake handshake(Direction direction, const multiformats::PeerId& expected = {}) {
    return Handshake(direction, static_identity, aead, expected);
  }

  crypto::Aead aead;
  PeerIdentity identity;
  StaticIdentity static_identity;
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

}  // namespace mexport::libp2p::noise
