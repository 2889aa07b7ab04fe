// SPDX-License-Identifier: MIT
#include "wire/peer_id.hpp"

#include "crypto/hash.hpp"

namespace mexport::wire {

multiformats::PeerId peer_id_of(const crypto::PublicKey& key) {
  const base::ByteView protobuf = key.protobuf();
  if (protobuf.size() <= multiformats::kMaxInlinedKeySize) {
    return multiformats::PeerId::from_identity(protobuf);
  }
  return multiformats::PeerId::from_sha256(crypto::sha256(protobuf));
}

}  // namespace mexport::wire
