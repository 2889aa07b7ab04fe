// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/secret.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::monitor {

inline constexpr std::size_t kPeerKeySize = 32;
/// What makes peer ids unrecognisable, and the same peer recognisable.
using PeerKey = crypto::Secret<kPeerKeySize>;

/// How peer ids are shown: as they are, or keyed. A keyed id is the peer id whose sha2-256 digest
/// is HMAC-SHA256(key, the id's multihash): a proper peer id (`Qm…`) that nobody has, the same for
/// the same peer and key. Immutable; thread-safe.
class PeerNames {
 public:
  PeerNames() = default;
  explicit PeerNames(const std::optional<PeerKey>& key) : key_(key) {}

  bool keyed() const { return key_.has_value(); }
  /// 16 hex digits that tell keys apart and nothing of the key; "" when not keyed.
  std::string key_id() const;

  multiformats::PeerId shown(const multiformats::PeerId& peer) const;
  /// Of a peer id's text; one that is no peer id is keyed by its bytes.
  std::string shown_text(std::string_view text) const;
  /// A DNS name in which each label that is a peer id has become the shown one, in base 36.
  std::string shown_in_name(std::string_view name) const;

 private:
  multiformats::PeerId keyed_id(base::ByteView bytes) const;
  std::string shown_label(std::string_view label) const;

  std::optional<PeerKey> key_;
};

}  // namespace mexport::monitor
