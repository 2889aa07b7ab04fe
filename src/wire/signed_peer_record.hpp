// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mexport::wire {

/// More than identify lets through; larger ones are refused unread.
inline constexpr std::size_t kMaxEnvelopeSize = 8 << 10;
inline constexpr std::size_t kMaxRecordAddresses = 500;

/// Where a peer says it can be reached (go-libp2p: core/peer/pb/peer_record.proto).
struct PeerRecord {
  multiformats::PeerId peer_id;
  std::uint64_t sequence = 0;            ///< grows with each record; Go uses Unix nanoseconds
  std::vector<base::Bytes> addresses{};  ///< binary multiaddrs, not checked
};

/// A record together with the key that signed it. The key's peer is the record's.
struct SignedPeerRecord {
  crypto::PublicKey signer;
  PeerRecord record;
};

/// Opens a signed envelope (go-libp2p: core/record/envelope.go) that must hold a peer record, and
/// verifies it. Errors: message_too_large, bad_protobuf, wrong_wire_type, too_many_addresses,
/// bad_public_key, wrong_payload_type, bad_signature, record_key_mismatch.
base::Result<SignedPeerRecord> open_peer_record(base::ByteView envelope);

/// Signs a record as a peer of go-libp2p would. Pre-condition: record.peer_id is the key's.
/// Fails only when the key cannot sign.
base::Result<base::Bytes> seal_peer_record(const PeerRecord& record, const crypto::PrivateKey& key);

}  // namespace mexport::wire
