// SPDX-License-Identifier: MIT
#include "wire/bitswap.hpp"

#include "crypto/error.hpp"
#include "crypto/multihash_digest.hpp"
#include "multiformats/cid.hpp"
#include "multiformats/error.hpp"
#include "multiformats/uvarint.hpp"
#include "wire/error.hpp"
#include "wire/protobuf_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mexport::wire {
namespace {

using multiformats::CidPrefix;

constexpr std::array<std::string_view, 4> kProtocolIds{"/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0",
                                                       "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"};

/// Bare data of Bitswap 1.0.0 are version 0 blocks.
constexpr CidPrefix kLegacyPrefix{
    .version = 0,
    .codec = static_cast<std::uint64_t>(multiformats::Multicodec::dag_pb),
    .hash_code = static_cast<std::uint64_t>(multiformats::HashCode::sha2_256),
    .digest_length = 32};

/// Tag and length of an entry's CID.
constexpr std::size_t kEntryOverhead = 2;
/// The shortest CID has four bytes: version, codec, identity, no digest.
constexpr std::size_t kMinEntrySize = kEntryOverhead + 4;

Error prefix_error(std::error_code error) {
  return error == multiformats::Error::bad_multihash ? Error::bad_block_length
                                                     : Error::bad_block_prefix;
}

Error digest_error(std::error_code error) {
  return error == crypto::Error::unknown_hash ? Error::unknown_block_hash : Error::bad_block_length;
}

/// One pass over a message. Field numbers: boxo bitswap/message/pb/message.proto.
class Decoder {
 public:
  base::Result<BitswapMessage> decode(base::ByteView body) {
    ProtobufReader in(body);
    while (in.next()) read_message_field(in);
    if (in.failed()) return base::fail(in.error());
    return std::move(out_);
  }

  /// Leaves `cids` empty: the CIDs stand in `body`, which carries no blocks.
  base::Result<BitswapMessage> decode_in_place(base::ByteView body) {
    in_place_ = body.data();
    return decode(body);
  }

  /// Bytes of all CIDs that have been read.
  std::size_t cid_bytes() const { return cid_bytes_; }

 private:
  void read_message_field(ProtobufReader& in);
  void read_wantlist(ProtobufReader& outer);
  void read_entry(ProtobufReader& outer);
  void read_payload(ProtobufReader& outer);
  void read_presence(ProtobufReader& outer);
  void reserve_wantlist(base::ByteView wantlist);
  CidSlice read_cid(ProtobufReader& in);
  void add_block(ProtobufReader& in, const CidPrefix& prefix, base::ByteView data);
  void append_cid_head(const CidPrefix& prefix, std::uint64_t digest_size);

  CidSlice slice_from(std::size_t offset) const {
    return {static_cast<std::uint32_t>(offset),
            static_cast<std::uint32_t>(out_.cids.size() - offset)};
  }

  BitswapMessage out_;
  const std::uint8_t* in_place_ = nullptr;  // the body, when slices point into it
  std::size_t cid_bytes_ = 0;
};

void Decoder::read_message_field(ProtobufReader& in) {
  switch (in.field()) {
    case 1:
      return read_wantlist(in);
    case 2:
      return add_block(in, kLegacyPrefix, in.bytes());
    case 3:
      return read_payload(in);
    case 4:
      return read_presence(in);
    case 5:
      out_.pending_bytes = in.int32();
      return;
    default:
      return in.skip();
  }
}

// Counts before it reads, so that a message costs two allocations, not twenty. Only for the first
// list: reserving exactly for each of many would copy all before it each time.
void Decoder::reserve_wantlist(base::ByteView wantlist) {
  if (!out_.wantlist.empty()) return;
  std::size_t count = 0;
  std::size_t size = 0;
  ProtobufReader in(wantlist);
  while (in.next()) {
    if (in.field() != 1) {
      in.skip();
      continue;
    }
    const std::size_t entry_size = in.bytes().size();
    if (entry_size < kMinEntrySize) break;  // the walk will refuse it
    size += entry_size - kEntryOverhead;
    ++count;
  }
  out_.wantlist.reserve(count);
  if (in_place_ == nullptr) out_.cids.reserve(out_.cids.size() + size);
}

void Decoder::read_wantlist(ProtobufReader& outer) {
  const base::ByteView wantlist = outer.bytes();
  reserve_wantlist(wantlist);
  ProtobufReader in(wantlist);
  while (in.next()) {
    if (in.field() == 1) {
      read_entry(in);
    } else if (in.field() == 2) {
      out_.full = in.boolean();
    } else {
      in.skip();
    }
  }
  if (in.failed()) outer.fail(in.error());
}

void Decoder::read_entry(ProtobufReader& outer) {
  WantlistEntry entry;
  ProtobufReader in(outer.bytes());
  while (in.next()) {
    switch (in.field()) {
      case 1:
        entry.cid = read_cid(in);
        break;
      case 2:
        entry.priority = in.int32();
        break;
      case 3:
        entry.cancel = in.boolean();
        break;
      case 4:
        entry.want_type = in.int32();
        break;
      case 5:
        entry.send_dont_have = in.boolean();
        break;
      default:
        in.skip();
    }
  }
  if (entry.cid.size == 0) in.fail(Error::missing_cid);
  if (in.failed()) return outer.fail(in.error());
  out_.wantlist.push_back(entry);
}

void Decoder::read_presence(ProtobufReader& outer) {
  PresenceEntry presence;
  ProtobufReader in(outer.bytes());
  while (in.next()) {
    if (in.field() == 1) {
      presence.cid = read_cid(in);
    } else if (in.field() == 2) {
      presence.type = in.int32();
    } else {
      in.skip();
    }
  }
  if (presence.cid.size == 0) in.fail(Error::missing_cid);
  if (in.failed()) return outer.fail(in.error());
  out_.presences.push_back(presence);
}

void Decoder::read_payload(ProtobufReader& outer) {
  base::ByteView prefix_bytes;
  base::ByteView data;
  ProtobufReader in(outer.bytes());
  while (in.next()) {
    if (in.field() == 1) {
      prefix_bytes = in.bytes();
    } else if (in.field() == 2) {
      data = in.bytes();
    } else {
      in.skip();
    }
  }
  if (in.failed()) return outer.fail(in.error());
  const auto prefix = multiformats::parse_cid_prefix(prefix_bytes);
  if (!prefix) return outer.fail(prefix_error(prefix.error()));
  add_block(outer, *prefix, data);
}

CidSlice Decoder::read_cid(ProtobufReader& in) {
  const base::ByteView cid = in.bytes();
  if (in.failed()) return {};
  if (!multiformats::validate_cid(cid)) {
    in.fail(Error::bad_cid);
    return {};
  }
  cid_bytes_ += cid.size();
  if (in_place_ != nullptr) {
    return {static_cast<std::uint32_t>(cid.data() - in_place_),
            static_cast<std::uint32_t>(cid.size())};
  }
  const std::size_t offset = out_.cids.size();
  base::append(out_.cids, cid);
  return slice_from(offset);
}

// go-cid: cid.go, Prefix.Sum.
void Decoder::add_block(ProtobufReader& in, const CidPrefix& prefix, base::ByteView data) {
  if (in.failed()) return;
  if (out_.blocks.size() == kMaxBlocksPerMessage) return in.fail(Error::too_many_blocks);
  const bool identity =
      prefix.hash_code == static_cast<std::uint64_t>(multiformats::HashCode::identity);
  const std::size_t offset = out_.cids.size();
  append_cid_head(prefix, identity ? data.size() : prefix.digest_length);
  const auto hashed =
      crypto::append_digest(prefix.hash_code, prefix.digest_length, data, out_.cids);
  if (!hashed) return in.fail(digest_error(hashed.error()));
  out_.blocks.push_back({slice_from(offset), static_cast<std::uint32_t>(data.size())});
}

void Decoder::append_cid_head(const CidPrefix& prefix, std::uint64_t digest_size) {
  if (prefix.version != 0) {
    multiformats::append_uvarint(out_.cids, prefix.version);
    multiformats::append_uvarint(out_.cids, prefix.codec);
  }
  multiformats::append_uvarint(out_.cids, prefix.hash_code);
  multiformats::append_uvarint(out_.cids, digest_size);
}

/// Broken ones too: whoever decodes finds out.
bool carries_blocks(base::ByteView body) {
  ProtobufReader in(body);
  while (in.next()) {
    if (in.field() == 2 || in.field() == 3) return true;
    in.skip();
  }
  return false;
}

}  // namespace

std::string_view to_string(BitswapProtocol protocol) {
  return kProtocolIds.at(static_cast<std::size_t>(protocol));
}

std::optional<BitswapProtocol> parse_bitswap_protocol(std::string_view id) {
  const auto* const found = std::find(kProtocolIds.begin(), kProtocolIds.end(), id);
  if (found == kProtocolIds.end()) return std::nullopt;
  return static_cast<BitswapProtocol>(found - kProtocolIds.begin());
}

std::size_t BitswapMessage::memory_size() const {
  return sizeof(*this) + cids.capacity() + wantlist.capacity() * sizeof(WantlistEntry) +
         blocks.capacity() * sizeof(CarriedBlock) + presences.capacity() * sizeof(PresenceEntry);
}

base::Result<BitswapMessage> decode_bitswap_message(base::ByteView body) {
  return Decoder().decode(body);
}

base::Result<BitswapMessage> decode_bitswap_message(base::Bytes&& body) {
  if (carries_blocks(body)) return decode_bitswap_message(base::ByteView(body));
  Decoder decoder;
  auto message = decoder.decode_in_place(body);
  if (!message) return message;
  if (decoder.cid_bytes() < body.size() / 2) return decode_bitswap_message(base::ByteView(body));
  message->cids = std::move(body);
  return message;
}

}  // namespace mexport::wire
