// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/bitswap.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What stands in a batch (mexport.h), decoded.
namespace mexport::capi {

/// A Bitswap message that the host received or sent.
struct MessageRecord {
  bool sent = false;
  multiformats::PeerId peer;
  std::optional<wire::BitswapProtocol> protocol;
  std::uint32_t size = 0;
  wire::BitswapMessage message;  ///< with the blocks that stood beside it
};

struct ConnectedRecord {
  multiformats::PeerId peer;
  std::string connection;
  multiformats::Multiaddr remote;
  multiformats::Multiaddr local;
  base::WallTime opened;
  std::string security;
  std::string muxer;
  std::string transport;
  bool outbound = false;
  bool relayed = false;
};

struct DisconnectedRecord {
  std::string connection;
};

struct IdentifiedRecord {
  std::string connection;
  std::string agent_version;
  std::string protocol_version;
  std::vector<std::string> protocols;
  std::vector<std::string> listen_addrs;  ///< text; one that does not parse as hex
  std::string observed;                   ///< text; empty: not told
  base::Bytes envelope;
  std::optional<std::string> error;  ///< identify failed
};

/// Of records that the host could not hand over.
struct LostRecord {
  std::uint8_t kind = 0;  ///< as in mexport.h
  std::uint64_t count = 0;
};

struct StreamsRecord {
  struct Protocol {
    std::string id;
    std::uint32_t inbound = 0;
    std::uint32_t outbound = 0;
  };
  std::vector<Protocol> protocols;
};

struct PeersRecord {
  struct Peer {
    multiformats::PeerId id;
    std::chrono::nanoseconds latency{0};
    std::string agent_version;
    std::vector<std::string> protocols;
  };
  std::vector<Peer> peers;
};

struct SentRecord {
  std::uint64_t send = 0;
  std::optional<wire::BitswapProtocol> protocol;
  base::WallTime before;
  std::chrono::nanoseconds took{0};
  std::string error;
};

struct AddressesRecord {
  std::vector<std::string> addresses;
};

using RecordBody =
    std::variant<MessageRecord, ConnectedRecord, DisconnectedRecord, IdentifiedRecord, LostRecord,
                 StreamsRecord, PeersRecord, SentRecord, AddressesRecord>;

struct Record {
  base::WallTime at;  ///< when it was seen
  RecordBody body;
};

/// Longest text of a record, in bytes; longer ones are malformed.
inline constexpr std::size_t kMaxText = 4096;

/// Why a batch was refused, and where.
struct BatchFault {
  std::size_t record = 0;  ///< from 0
  std::size_t offset = 0;  ///< of that record in the batch
  std::string_view what;   ///< static storage
};

/// Decodes a whole batch, or none of it. Takes linear time, and memory within a small multiple of
/// batch.size().
std::expected<std::vector<Record>, BatchFault> decode_batch(base::ByteView batch);

}  // namespace mexport::capi
