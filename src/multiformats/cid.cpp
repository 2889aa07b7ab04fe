// SPDX-License-Identifier: MIT
#include "multiformats/cid.hpp"

#include "multiformats/error.hpp"
#include "multiformats/multibase.hpp"
#include "multiformats/uvarint.hpp"

#include <cassert>

namespace mexport::multiformats {
namespace {

constexpr std::uint8_t kSha256Code = 0x12;
constexpr std::uint8_t kSha256Size = 0x20;
constexpr std::size_t kV0Size = 2 + kSha256Size;
constexpr std::size_t kV0TextSize = 46;
constexpr std::size_t kPlainHeadSize = 4;
static_assert(kMaxDigestSize >= 0x7f);

bool looks_like_v0(base::ByteView bytes) {
  return bytes.size() > 2 && bytes[0] == kSha256Code && bytes[1] == kSha256Size;
}

base::Result<CidView> parse_v0(base::ByteView bytes) {
  if (bytes.size() < kV0Size) return base::fail(Error::truncated);
  if (bytes.size() > kV0Size) return base::fail(Error::trailing_bytes);
  return CidView{
      .multihash = {kSha256Code, bytes.subspan(2)}, .bytes = bytes, .multihash_bytes = bytes};
}

/// Whether version, codec, hash and length take a byte each, and the digest has that length: true
/// of nearly all CIDs of version 1, and sure to be one (a single byte is a minimal varint).
bool is_plain_v1(base::ByteView bytes) {
  return bytes.size() >= kPlainHeadSize && bytes[0] == 1 && bytes[1] < 0x80 && bytes[2] < 0x80 &&
         bytes[3] < 0x80 && bytes.size() == kPlainHeadSize + bytes[3];
}

/// Takes one varint off the front.
base::Result<std::uint64_t> take_uvarint(base::ByteView& bytes) {
  const auto number = decode_uvarint(bytes);
  if (!number) return base::fail(number.error());
  bytes = bytes.subspan(number->size);
  return number->value;
}

}  // namespace

base::Result<CidView> parse_cid(base::ByteView bytes) {
  if (is_plain_v1(bytes)) {
    return CidView{.version = 1,
                   .codec = bytes[1],
                   .multihash = {bytes[2], bytes.subspan(kPlainHeadSize)},
                   .bytes = bytes,
                   .multihash_bytes = bytes.subspan(2)};
  }
  if (looks_like_v0(bytes)) return parse_v0(bytes);
  base::ByteView rest = bytes;
  const auto version = take_uvarint(rest);
  if (!version) return base::fail(version.error());
  if (*version != 1) return base::fail(Error::bad_cid_version);
  const auto codec = take_uvarint(rest);
  if (!codec) return base::fail(codec.error());
  const auto multihash = parse_multihash(rest);
  if (!multihash) return base::fail(multihash.error());
  return CidView{.version = 1,
                 .codec = *codec,
                 .multihash = *multihash,
                 .bytes = bytes,
                 .multihash_bytes = rest};
}

base::Status validate_cid(base::ByteView bytes) {
  if (is_plain_v1(bytes)) return {};
  const auto cid = parse_cid(bytes);
  if (!cid) return base::fail(cid.error());
  return {};
}

bool is_identity_cid(base::ByteView valid_cid) {
  constexpr auto kIdentity = static_cast<std::uint64_t>(HashCode::identity);
  if (is_plain_v1(valid_cid)) return valid_cid[2] == kIdentity;
  const auto cid = parse_cid(valid_cid);
  return cid && cid->multihash.is(HashCode::identity);
}

void append_cid_text(base::ByteView valid_cid, std::string& out) {
  if (looks_like_v0(valid_cid)) {
    append_base58(out, valid_cid);
    return;
  }
  out.push_back(static_cast<char>(Multibase::base32));
  append_base32_lower(valid_cid, out);
}

Cid Cid::v0(base::ByteView sha2_256_digest) {
  assert(sha2_256_digest.size() == kSha256Size);
  base::Bytes bytes;
  bytes.reserve(kV0Size);
  append_multihash(bytes, HashCode::sha2_256, sha2_256_digest);
  return Cid(std::move(bytes));
}

Cid Cid::v1(std::uint64_t codec, std::uint64_t hash_code, base::ByteView digest) {
  base::Bytes bytes;
  bytes.reserve(1 + uvarint_size(codec) + uvarint_size(hash_code) + uvarint_size(digest.size()) +
                digest.size());
  append_uvarint(bytes, 1);
  append_uvarint(bytes, codec);
  append_multihash(bytes, hash_code, digest);
  return Cid(std::move(bytes));
}

base::Result<Cid> Cid::from_bytes(base::ByteView bytes) {
  const auto view = parse_cid(bytes);
  if (!view) return base::fail(view.error());
  return Cid(base::to_bytes(bytes));
}

base::Result<Cid> Cid::from_string(std::string_view text) {
  if (text.size() < 2) return base::fail(Error::bad_cid_text);
  if (text.size() > kMaxCidText) return base::fail(Error::too_long);
  const bool v0 = text.size() == kV0TextSize && text.starts_with("Qm");
  auto bytes = v0 ? decode_base58(text) : decode_multibase(text);
  if (!bytes) return base::fail(bytes.error());
  const auto view = parse_cid(*bytes);
  if (!view) return base::fail(view.error());
  if ((view->version == 0) != v0) return base::fail(Error::bad_cid_text);
  return Cid(std::move(*bytes));
}

CidView Cid::view() const {
  assert(!empty());
  return parse_cid(bytes_).value_or(CidView{});
}

std::string Cid::to_string() const {
  std::string out;
  if (!empty()) append_cid_text(bytes_, out);
  return out;
}

base::Result<CidPrefix> parse_cid_prefix(base::ByteView bytes) {
  CidPrefix prefix;
  for (auto* field : {&prefix.version, &prefix.codec, &prefix.hash_code, &prefix.digest_length}) {
    const auto number = take_uvarint(bytes);
    if (!number) return base::fail(number.error());
    *field = *number;
  }
  if (prefix.version > 1) return base::fail(Error::bad_cid_version);
  if (prefix.digest_length > kMaxDigestSize) return base::fail(Error::bad_multihash);
  const bool sha2_256 = prefix.hash_code == kSha256Code && prefix.digest_length == kSha256Size;
  if (prefix.version == 0 && !sha2_256) return base::fail(Error::bad_cid_prefix);
  return prefix;
}

void append_cid_prefix(base::Bytes& out, const CidView& cid) {
  append_uvarint(out, static_cast<std::uint64_t>(cid.version));
  append_uvarint(out, cid.codec);
  append_uvarint(out, cid.multihash.code);
  append_uvarint(out, cid.multihash.digest.size());
}

Cid make_cid(const CidPrefix& prefix, base::ByteView digest) {
  if (prefix.version == 0) return Cid::v0(digest);
  return Cid::v1(prefix.codec, prefix.hash_code, digest);
}

}  // namespace mexport::multiformats
