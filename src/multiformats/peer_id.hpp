// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace mexport::multiformats {

/// Key protobufs up to this size are a peer id's digest themselves (go-libp2p: core/peer/peer.go).
inline constexpr std::size_t kMaxInlinedKeySize = 42;
inline constexpr std::size_t kMaxPeerIdSize = 2 + kMaxInlinedKeySize;

/// Who a peer is: the multihash of its public key's protobuf (libp2p specs: peer-ids).
/// A plain value without allocation: copy it freely. A default-made one is empty.
class PeerId {
 public:
  PeerId() = default;

  /// The id of a public key whose protobuf has at most kMaxInlinedKeySize bytes (Ed25519,
  /// secp256k1). Pre-condition: it has.
  static PeerId from_identity(base::ByteView key_protobuf);
  /// The id of a longer public key (RSA, ECDSA) by the sha2-256 digest of its protobuf.
  /// Pre-condition: 32 bytes.
  static PeerId from_sha256(base::ByteView digest);

  /// The bare multihash, as identify, the DHT and multiaddrs carry it: identity or sha2-256 of
  /// 32 bytes. Errors: bad_peer_id and those of parse_multihash.
  static base::Result<PeerId> from_bytes(base::ByteView multihash);
  /// Base58btc text (`Qm…`, `1…`), or a CID of codec libp2p-key in any multibase
  /// (libp2p specs: RFC 0001). Errors: bad_peer_id and those of Cid::from_string.
  static base::Result<PeerId> from_string(std::string_view text);

  bool empty() const { return size_ == 0; }
  base::ByteView bytes() const { return {bytes_.data(), size_}; }
  /// The public key protobuf that an identity id holds; empty for other ids.
  base::ByteView inlined_key() const;
  /// Base58btc without prefix, as every libp2p prints it; "" for an empty id.
  std::string to_string() const;
  void append_text(std::string& out) const;

  bool operator==(const PeerId&) const = default;
  /// By the bytes of the multihash, as Go orders them.
  auto operator<=>(const PeerId&) const = default;

 private:
  explicit PeerId(base::ByteView multihash);

  std::array<std::uint8_t, kMaxPeerIdSize> bytes_{};  // zeros behind size_, so == may compare all
  std::uint8_t size_ = 0;
};
static_assert(std::is_trivially_copyable_v<PeerId>);

}  // namespace mexport::multiformats

template <>
struct std::hash<mexport::multiformats::PeerId> {
  std::size_t operator()(const mexport::multiformats::PeerId& id) const {
    return std::hash<std::string_view>{}(mexport::base::as_text(id.bytes()));
  }
};
