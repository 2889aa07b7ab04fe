// SPDX-License-Identifier: MIT
#pragma once

#include "crypto/keys.hpp"
#include "multiformats/peer_id.hpp"

namespace mexport::wire {

/// The id of the peer that holds this key (specs: peer-ids/peer-ids.md): the key's protobuf itself
/// when that is short, else its sha2-256.
multiformats::PeerId peer_id_of(const crypto::PublicKey& key);

}  // namespace mexport::wire
