// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/noise/handshake.hpp"
#include "libp2p/noise/payload.hpp"
#include "tests/unit/libp2p/security_fixture.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mexport::libp2p::noise {

using test::CollectingSink;
using test::feed;
using test::run;

/// A node of the tests: identity key, static Noise key, Aead.
struct Party {
  explicit Party(crypto::KeyType type = crypto::KeyType::ed25519,
                 std::vector<std::string> muxers = {"/yamux/1.0.0"})
      : identity(crypto::PrivateKey::generate(type).value()),
        static_identity(StaticIdentity::create(identity, std::move(muxers)).value()) {}

  std::unique_ptr<Handshake> handshake(Direction direction,
                                       const multiformats::PeerId& expected = {}) {
    return std::make_unique<Handshake>(direction, static_identity, aead, expected);
  }

  crypto::Aead aead;
  PeerIdentity identity;
  StaticIdentity static_identity;
};

}  // namespace mexport::libp2p::noise
