// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "multiformats/multihash.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::multiformats {

/// Content types by their codes (multiformats/multicodec: table.csv). Any other code is carried.
enum class Multicodec : std::uint64_t {
  cbor = 0x51,
  raw = 0x55,
  dag_pb = 0x70,
  dag_cbor = 0x71,
  libp2p_key = 0x72,
  git_raw = 0x78,
  dag_json = 0x0129,
  json = 0x0200,
  fil_commitment_unsealed = 0xf101,
  fil_commitment_sealed = 0xf102,
};

/// Longest text that Cid::from_string looks at.
inline constexpr std::size_t kMaxCidText = 4096;

/// A parsed CID over somebody else's bytes; valid as long as they are.
struct CidView {
  int version = 0;  ///< 0 or 1
  std::uint64_t codec = static_cast<std::uint64_t>(Multicodec::dag_pb);
  MultihashView multihash;
  base::ByteView bytes;            ///< the whole CID
  base::ByteView multihash_bytes;  ///< its part that is the multihash, as DHT keys want it

  bool is(Multicodec content) const { return codec == static_cast<std::uint64_t>(content); }
};

/// Reads a binary CID that fills `bytes` exactly, without allocation (go-cid: cid.go, Cast):
/// `12 20` begins a version 0 of 34 bytes, else the version must be 1; any codec, any hash code,
/// any digest length. Errors: truncated, trailing_bytes, bad_cid_version, bad_multihash, varint_*.
base::Result<CidView> parse_cid(base::ByteView bytes);
/// parse_cid for who needs no parts.
base::Status validate_cid(base::ByteView bytes);

/// Whether a CID that parse_cid accepts holds its data itself, in place of a digest.
bool is_identity_cid(base::ByteView valid_cid);

/// Appends the canonical text of a CID that parse_cid accepts: base58btc for version 0, `b` and
/// base32 for version 1. The hot path of event encoding: no allocation beyond `out`'s growth.
void append_cid_text(base::ByteView valid_cid, std::string& out);

/// A content identifier that owns its bytes. A default-made one is empty and stands for none.
class Cid {
 public:
  Cid() = default;
  static Cid v0(base::ByteView sha2_256_digest);
  static Cid v1(std::uint64_t codec, std::uint64_t hash_code, base::ByteView digest);

  /// As parse_cid.
  static base::Result<Cid> from_bytes(base::ByteView bytes);
  /// 46 characters that begin with Qm are version 0; all else needs a multibase prefix and must
  /// not be version 0. Errors: bad_cid_text, bad_multibase, too_long and those of parse_cid.
  static base::Result<Cid> from_string(std::string_view text);

  bool empty() const { return bytes_.empty(); }
  base::ByteView bytes() const { return bytes_; }
  /// The parts, into this object's bytes. Pre-condition: not empty.
  CidView view() const;
  int version() const { return view().version; }
  std::uint64_t codec() const { return view().codec; }
  MultihashView multihash() const { return view().multihash; }
  /// The canonical text; "" for an empty one.
  std::string to_string() const;

  bool operator==(const Cid&) const = default;
  auto operator<=>(const Cid&) const = default;

 private:
  explicit Cid(base::Bytes bytes) : bytes_(std::move(bytes)) {}

  base::Bytes bytes_;
};

/// A CID without its digest: how Bitswap names a block (go-cid: cid.go, PrefixFromBytes).
struct CidPrefix {
  std::uint64_t version = 0;
  std::uint64_t codec = 0;
  std::uint64_t hash_code = 0;
  std::uint64_t digest_length = 0;
};

/// Four varints; bytes after them are ignored, as the reference ignores them. Refuses what could
/// not become a CID whatever the data: versions above 1 (bad_cid_version), version 0 with another
/// hash than 32 bytes of sha2-256 (bad_cid_prefix), lengths above kMaxDigestSize (bad_multihash).
/// Version 0 with any codec is accepted and gives a version 0 CID.
base::Result<CidPrefix> parse_cid_prefix(base::ByteView bytes);
/// Appends a CID's prefix (go-cid: cid.go, Prefix.Bytes). Pre-condition: parse_cid accepted it.
void append_cid_prefix(base::Bytes& out, const CidView& cid);
/// The CID of a block whose prefix and digest are known. Pre-condition: `prefix` was parsed.
Cid make_cid(const CidPrefix& prefix, base::ByteView digest);

/// For unordered containers keyed by a CID's bytes, owned or viewed.
struct CidHash {
  using is_transparent = void;
  std::size_t operator()(base::ByteView cid) const {
    return std::hash<std::string_view>{}(base::as_text(cid));
  }
  std::size_t operator()(const Cid& cid) const { return (*this)(cid.bytes()); }
};

}  // namespace mexport::multiformats

template <>
struct std::hash<mexport::multiformats::Cid> : mexport::multiformats::CidHash {};
