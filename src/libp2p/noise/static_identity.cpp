// SPDX-License-Identifier: MIT
#include "libp2p/noise/static_identity.hpp"

#include "libp2p/noise/payload.hpp"

#include <utility>

namespace mexport::libp2p::noise {

StaticIdentity::StaticIdentity(crypto::X25519KeyPair keys, std::vector<std::string> muxers,
                               base::Bytes payload)
    : keys_(std::move(keys)), muxers_(std::move(muxers)), payload_(std::move(payload)) {}

base::Result<StaticIdentity> StaticIdentity::create(const PeerIdentity& identity,
                                                    std::vector<std::string> muxers) {
  auto keys = crypto::X25519KeyPair::generate();
  const auto signature = identity.private_key().sign(signed_text(keys.public_key()));
  if (!signature) return base::fail(signature.error());
  auto payload = encode_payload(identity.public_key().protobuf(), *signature, muxers);
  return StaticIdentity(std::move(keys), std::move(muxers), std::move(payload));
}

}  // namespace mexport::libp2p::noise
