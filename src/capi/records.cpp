// SPDX-License-Identifier: MIT
#include "capi/records.hpp"

#include "capi/field_reader.hpp"
#include "capi/mexport.h"
#include "multiformats/cid.hpp"

#include <utility>

namespace mexport::capi {

namespace {

/// Size, kind, flags, padding, time.
constexpr std::size_t kHeaderSize = 16;

multiformats::PeerId read_peer(FieldReader& fields) {
  const auto peer = multiformats::PeerId::from_bytes(fields.bytes());
  if (peer) return *peer;
  fields.fail("a peer id is none");
  return {};
}

/// An address of a kind that we do not know is not the host's fault.
multiformats::Multiaddr read_address(FieldReader& fields) {
  return multiformats::Multiaddr::from_bytes(fields.bytes()).value_or(multiformats::Multiaddr());
}

std::string read_address_text(FieldReader& fields) {
  const auto bytes = fields.bytes();
  if (bytes.empty()) return {};
  if (const auto address = multiformats::Multiaddr::from_bytes(bytes)) return address->to_string();
  return "unknown:" + base::to_hex(bytes);
}

std::optional<wire::BitswapProtocol> read_protocol(FieldReader& fields) {
  switch (fields.u8()) {
    case 0:
      return std::nullopt;
    case MEXPORT_BITSWAP_UNVERSIONED:
      return wire::BitswapProtocol::unversioned;
    case MEXPORT_BITSWAP_1_0_0:
      return wire::BitswapProtocol::v1_0_0;
    case MEXPORT_BITSWAP_1_1_0:
      return wire::BitswapProtocol::v1_1_0;
    case MEXPORT_BITSWAP_1_2_0:
      return wire::BitswapProtocol::v1_2_0;
    default:
      fields.fail("a Bitswap protocol is none");
      return std::nullopt;
  }
}

struct Block {
  base::ByteView cid;
  std::uint32_t size = 0;
};

std::vector<Block> read_blocks(FieldReader& fields) {
  std::vector<Block> blocks(fields.count(sizeof(std::uint16_t) + sizeof(std::uint32_t)));
  for (auto& block : blocks) {
    block = {fields.bytes(), fields.u32()};
    if (fields.ok() && !multiformats::parse_cid(block.cid)) fields.fail("a block's CID is none");
  }
  return blocks;
}

MessageRecord read_message(FieldReader& fields, bool sent) {
  MessageRecord record;
  record.sent = sent;
  record.peer = read_peer(fields);
  record.protocol = read_protocol(fields);
  record.size = fields.u32();
  const auto blocks = read_blocks(fields);
  const auto body = fields.long_bytes();
  if (!fields.ok()) return record;
  auto message = wire::decode_bitswap_message(body);
  if (!message) {
    fields.fail("a Bitswap message is none");
    return record;
  }
  record.message = std::move(*message);
  if (!record.message.blocks.empty()) fields.fail("a Bitswap message holds blocks");
  for (const auto& [cid, size] : blocks) {
    auto& cids = record.message.cids;
    const auto offset = static_cast<std::uint32_t>(cids.size());
    base::append(cids, cid);
    record.message.blocks.push_back({{offset, static_cast<std::uint32_t>(cid.size())}, size});
  }
  return record;
}

ConnectedRecord read_connected(FieldReader& fields, unsigned flags) {
  ConnectedRecord record;
  record.peer = read_peer(fields);
  record.connection = fields.text();
  record.remote = read_address(fields);
  record.local = read_address(fields);
  record.opened = fields.time();
  record.security = fields.text();
  record.muxer = fields.text();
  record.transport = fields.text();
  record.outbound = (flags & MEXPORT_FLAG_OUTBOUND) != 0;
  record.relayed = (flags & MEXPORT_FLAG_RELAYED) != 0;
  return record;
}

std::vector<std::string> read_texts(FieldReader& fields) {
  std::vector<std::string> texts(fields.count(sizeof(std::uint16_t)));
  for (auto& text : texts) text = fields.text();
  return texts;
}

std::vector<std::string> read_addresses(FieldReader& fields) {
  std::vector<std::string> texts(fields.count(sizeof(std::uint16_t)));
  for (auto& text : texts) text = read_address_text(fields);
  return texts;
}

IdentifiedRecord read_identified(FieldReader& fields, unsigned flags) {
  IdentifiedRecord record;
  record.connection = fields.text();
  record.agent_version = fields.text();
  record.protocol_version = fields.text();
  record.protocols = read_texts(fields);
  record.listen_addrs = read_addresses(fields);
  record.observed = read_address_text(fields);
  record.envelope = base::to_bytes(fields.long_bytes());
  if ((flags & MEXPORT_FLAG_FAILED) != 0) record.error = fields.text();
  return record;
}

LostRecord read_lost(FieldReader& fields) {
  LostRecord record;
  record.kind = fields.u8();
  record.count = fields.u64();
  if (record.kind < MEXPORT_RECORD_MESSAGE || record.kind > MEXPORT_RECORD_ADDRESSES) {
    fields.fail("a kind of lost records is none");
  }
  return record;
}

StreamsRecord read_streams(FieldReader& fields) {
  StreamsRecord record;
  record.protocols.resize(fields.count(sizeof(std::uint16_t) + 2 * sizeof(std::uint32_t)));
  for (auto& protocol : record.protocols) {
    protocol.id = fields.text();
    protocol.inbound = fields.u32();
    protocol.outbound = fields.u32();
  }
  return record;
}

PeersRecord read_peers(FieldReader& fields) {
  PeersRecord record;
  constexpr std::size_t kLeast =
      2 * sizeof(std::uint16_t) + sizeof(std::int64_t) + sizeof(std::uint32_t);
  record.peers.resize(fields.count(kLeast));
  for (auto& peer : record.peers) {
    peer.id = read_peer(fields);
    peer.latency = std::chrono::nanoseconds(fields.i64());
    peer.agent_version = fields.text();
    peer.protocols = read_texts(fields);
  }
  return record;
}

SentRecord read_sent(FieldReader& fields) {
  SentRecord record;
  record.send = fields.u64();
  record.protocol = read_protocol(fields);
  record.before = fields.time();
  record.took = std::chrono::nanoseconds(fields.i64());
  record.error = fields.text();
  return record;
}

RecordBody read_body(FieldReader& fields, unsigned kind, unsigned flags) {
  switch (kind) {
    case MEXPORT_RECORD_MESSAGE:
    case MEXPORT_RECORD_MESSAGE_SENT:
      return read_message(fields, kind == MEXPORT_RECORD_MESSAGE_SENT);
    case MEXPORT_RECORD_CONNECTED:
      return read_connected(fields, flags);
    case MEXPORT_RECORD_DISCONNECTED:
      return DisconnectedRecord{fields.text()};
    case MEXPORT_RECORD_IDENTIFIED:
      return read_identified(fields, flags);
    case MEXPORT_RECORD_LOST:
      return read_lost(fields);
    case MEXPORT_RECORD_STREAMS:
      return read_streams(fields);
    case MEXPORT_RECORD_PEERS:
      return read_peers(fields);
    case MEXPORT_RECORD_SENT:
      return read_sent(fields);
    case MEXPORT_RECORD_ADDRESSES:
      return AddressesRecord{read_addresses(fields)};
    default:
      fields.fail("a kind of record is none");
      return {};
  }
}

unsigned flags_of(unsigned kind) {
  if (kind == MEXPORT_RECORD_CONNECTED) return MEXPORT_FLAG_OUTBOUND | MEXPORT_FLAG_RELAYED;
  return kind == MEXPORT_RECORD_IDENTIFIED ? unsigned{MEXPORT_FLAG_FAILED} : 0U;
}

/// `bytes` is the whole record.
std::expected<Record, std::string_view> decode_record(base::ByteView bytes) {
  FieldReader fields(bytes.subspan(sizeof(std::uint32_t)));
  const unsigned kind = fields.u8();
  const unsigned flags = fields.u8();
  const bool padded = fields.u16() == 0;
  Record record{.at = fields.time(), .body = {}};
  if (!padded || (flags & ~flags_of(kind)) != 0) return std::unexpected("a flag is not known");
  record.body = read_body(fields, kind, flags);
  if (!fields.ok()) return std::unexpected(fields.fault());
  if (!fields.at_end()) return std::unexpected("bytes follow the last field");
  return record;
}

}  // namespace

std::expected<std::vector<Record>, BatchFault> decode_batch(base::ByteView batch) {
  std::vector<Record> records;
  std::size_t offset = 0;
  const auto refuse = [&](std::string_view what) {
    return std::unexpected(BatchFault{records.size(), offset, what});
  };
  if (batch.size() > MEXPORT_MAX_BATCH_SIZE) return refuse("the batch is too large");
  while (offset < batch.size()) {
    const auto rest = batch.subspan(offset);
    if (rest.size() < kHeaderSize) return refuse("the batch is cut short");
    const std::size_t size = FieldReader(rest).u32();
    if (size < kHeaderSize || size > rest.size()) return refuse("a record's size is impossible");
    if (size > MEXPORT_MAX_RECORD_SIZE) return refuse("a record is too large");
    auto record = decode_record(rest.first(size));
    if (!record) return refuse(record.error());
    records.push_back(std::move(*record));
    offset += size;
  }
  return records;
}

}  // namespace mexport::capi
