// SPDX-License-Identifier: MIT
#include "multiformats/peer_id.hpp"

#include "multiformats/cid.hpp"
#include "multiformats/error.hpp"
#include "multiformats/multibase.hpp"
#include "multiformats/multihash.hpp"

#include <algorithm>
#include <cassert>

namespace mexport::multiformats {
namespace {

constexpr std::size_t kSha256Size = 32;
constexpr std::size_t kHeaderSize = 2;  // code and length are one byte each

constexpr std::uint8_t code_byte(HashCode code) {
  return static_cast<std::uint8_t>(code);
}

bool is_peer_multihash(const MultihashView& multihash) {
  if (multihash.is(HashCode::identity)) return multihash.digest.size() <= kMaxInlinedKeySize;
  return multihash.is(HashCode::sha2_256) && multihash.digest.size() == kSha256Size;
}

}  // namespace

PeerId::PeerId(base::ByteView multihash) : size_(static_cast<std::uint8_t>(multihash.size())) {
  std::ranges::copy(multihash, bytes_.begin());
}

PeerId PeerId::from_identity(base::ByteView key_protobuf) {
  assert(key_protobuf.size() <= kMaxInlinedKeySize);
  PeerId id;
  id.bytes_[0] = code_byte(HashCode::identity);
  id.bytes_[1] = static_cast<std::uint8_t>(key_protobuf.size());
  std::ranges::copy(key_protobuf, id.bytes_.begin() + kHeaderSize);
  id.size_ = static_cast<std::uint8_t>(kHeaderSize + key_protobuf.size());
  return id;
}

PeerId PeerId::from_sha256(base::ByteView digest) {
  assert(digest.size() == kSha256Size);
  PeerId id;
  id.bytes_[0] = code_byte(HashCode::sha2_256);
  id.bytes_[1] = kSha256Size;
  std::ranges::copy(digest, id.bytes_.begin() + kHeaderSize);
  id.size_ = kHeaderSize + kSha256Size;
  return id;
}

base::Result<PeerId> PeerId::from_bytes(base::ByteView multihash) {
  const auto view = parse_multihash(multihash);
  if (!view) return base::fail(view.error());
  if (!is_peer_multihash(*view)) return base::fail(Error::bad_peer_id);
  return PeerId(multihash);
}

base::Result<PeerId> PeerId::from_string(std::string_view text) {
  if (text.starts_with("Qm") || text.starts_with('1')) {
    const auto bytes = decode_base58(text);
    if (!bytes) return base::fail(bytes.error());
    return from_bytes(*bytes);
  }
  const auto cid = Cid::from_string(text);
  if (!cid) return base::fail(cid.error());
  const CidView view = cid->view();
  if (!view.is(Multicodec::libp2p_key)) return base::fail(Error::bad_peer_id);
  return from_bytes(view.multihash_bytes);
}

base::ByteView PeerId::inlined_key() const {
  if (empty() || bytes_[0] != code_byte(HashCode::identity)) return {};
  return bytes().subspan(kHeaderSize);
}

std::string PeerId::to_string() const {
  std::string out;
  append_text(out);
  return out;
}

void PeerId::append_text(std::string& out) const {
  append_base58(out, bytes());
}

}  // namespace mexport::multiformats
