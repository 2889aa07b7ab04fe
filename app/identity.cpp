// SPDX-License-Identifier: MIT
#include "app/identity.hpp"

#include "crypto/secret.hpp"

#include <utility>

namespace mexport::app {

base::Result<libp2p::PeerIdentity> identity_of(const config::Identity& identity) {
  auto protobuf = identity.key->to_protobuf();
  auto key = crypto::PrivateKey::from_protobuf(protobuf);
  crypto::wipe(protobuf);
  if (!key) return base::fail(key.error());
  return libp2p::PeerIdentity(std::move(*key));
}

}  // namespace mexport::app
