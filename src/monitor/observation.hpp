// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/bitswap.hpp"
#include "wire/outgoing_reply.hpp"
#include "wire/outgoing_wantlist.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a host (our node, or kubo behind the C ABI) tells the monitor: plain facts with the time at
/// which they were seen. They cross from a shard to the export thread once, by move, and are
/// immutable then.
namespace mexport::monitor {

enum class Direction : std::uint8_t { inbound, outbound };
std::string_view to_string(Direction direction);

/// What of one connection's messages waits in a queue: the writer adds, the reader takes away.
class WaitingBytes {
 public:
  void add(std::size_t bytes) { in_.add(bytes); }
  void take(std::size_t bytes) { out_.add(bytes); }
  /// Exact for the writer but for what the reader takes at this moment.
  std::size_t value() const { return in_.value() - out_.value(); }

 private:
  base::Counter in_;
  base::Counter out_;
};

/// What stays the same for the life of one connection; shared by all observations of it.
struct ConnectionFacts {
  std::uint64_t id = 0;    ///< unique in a run
  std::uint32_t node = 0;  ///< which of the process's nodes holds it
  multiformats::PeerId peer;
  std::string peer_text;  ///< base58btc, made once
  std::string remote;     ///< multiaddr text without /p2p
  std::string local;
  std::string_view transport;  ///< "tcp"; static storage
  std::string_view security;   ///< "noise"; static storage
  Direction direction = Direction::inbound;
  bool relayed = false;
  base::SteadyTime opened_at;
  mutable WaitingBytes waiting{};
};
using ConnectionFactsPtr = std::shared_ptr<const ConnectionFacts>;

/// The remote addresses of all connections open to one peer, in the order in which they were
/// opened. Immutable; replaced as a whole when a connection opens or closes.
using AddressList = std::vector<std::string>;
using AddressListPtr = std::shared_ptr<const AddressList>;
/// Interned: many peers share one.
using AgentVersionPtr = std::shared_ptr<const std::string>;

struct BitswapMessageReceived {
  ConnectionFactsPtr connection;
  base::SteadyTime received_at;  ///< when the last byte had been read
  wire::BitswapMessage message;
  AddressListPtr connected_addresses;
  AgentVersionPtr agent_version;          ///< null while unknown
  std::optional<std::uint64_t> stream{};  ///< the muxer's stream id, where the host tells it
  std::uint64_t message_index = 0;        ///< nth Bitswap message of this connection, from 0
  std::uint32_t size = 0;                 ///< bytes of the protobuf
  std::optional<wire::BitswapProtocol> protocol{};  ///< where the host tells it
  /// Requests of the probe whose CIDs its blocks and presences tell of, oldest first.
  std::vector<std::uint64_t> answer_to{};
};

/// What the probe asks a peer.
struct Asked {
  std::shared_ptr<const wire::OutgoingWantlist> wantlist;
  std::uint64_t request = 0;  ///< the probe's
};

/// What a peer wanted and we have.
struct Served {
  wire::OutgoingReply reply;
  /// message_index of the peer's message, where the host tells it.
  std::optional<std::uint64_t> reply_to{};
};

/// A Bitswap message that we sent a peer.
struct BitswapSent {
  ConnectionFactsPtr connection;
  base::SteadyTime at;  ///< when it was written, or its first bytes
  std::variant<Asked, Served> content;
  std::uint32_t size = 0;                           ///< bytes of the protobuf
  std::optional<wire::BitswapProtocol> protocol{};  ///< where the host tells it
};

struct Connected {
  ConnectionFactsPtr connection;
  base::SteadyTime at;
  std::uint32_t peer_connections = 0;  ///< open to this peer, this one included
};

enum class ClosedBy : std::uint8_t { local, remote, error };
std::string_view to_string(ClosedBy closed_by);

struct Disconnected {
  ConnectionFactsPtr connection;
  base::SteadyTime at;
  std::uint32_t peer_connections = 0;   ///< still open to this peer
  std::optional<ClosedBy> closed_by{};  ///< where the host tells it
  /// The libp2p connection code that was sent or received; nullopt when there was none (a plain RST
  /// or EOF).
  std::optional<std::uint32_t> close_code{};
  std::string_view
      reason{};  ///< "eof", "reset", "keep_alive", "protocol_violation", …; static storage
  /// On the socket, where the host tells it.
  std::optional<std::uint64_t> bytes_in{};
  std::optional<std::uint64_t> bytes_out{};
  std::uint64_t messages = 0;                         ///< Bitswap messages received
  std::optional<std::chrono::nanoseconds> latency{};  ///< smoothed round trip, once measured
};

enum class IdentifyCause : std::uint8_t { initial, push, failed };
std::string_view to_string(IdentifyCause cause);

/// What a peer said of itself. For `failed` only connection, at and `error` are set.
struct PeerIdentified {
  ConnectionFactsPtr connection;
  base::SteadyTime at;
  IdentifyCause cause = IdentifyCause::initial;
  AgentVersionPtr agent_version;
  std::string protocol_version;
  std::vector<std::string> protocols;
  std::vector<std::string> listen_addrs;  ///< text; one that does not parse as hex after "unknown:"
  std::string observed_addr;              ///< ours, as the peer sees it; empty when not sent
  std::string_view key_type;              ///< "ed25519", …; static storage
  std::optional<std::uint64_t> record_sequence;  ///< of the signed peer record, when one came
  std::optional<bool> record_valid;              ///< whether its signature held
  std::string error;
};

using Fact =
    std::variant<BitswapMessageReceived, Connected, Disconnected, PeerIdentified, BitswapSent>;

/// Kinds of events, each with a sequence of its own (docs/events.md).
enum class EventKind : std::uint8_t {
  bitswap_message,
  connection_event,
  identify_event,
  heartbeat,
  gap,
  run_info,
  bitswap_sent,
};
inline constexpr std::size_t kEventKinds = 7;
std::string_view to_string(EventKind kind);

EventKind kind_of(const Fact& fact);
base::SteadyTime time_of(const Fact& fact);
/// What the fact holds in memory, for the bounds of queues.
std::size_t memory_size(const Fact& fact);

/// Where a host puts its facts. One sink belongs to one thread of the host. Never blocks: what does
/// not fit is dropped, counted and leaves a gap in the sequence.
class ObservationSink {
 public:
  virtual ~ObservationSink() = default;
  virtual void submit(Fact&& fact) noexcept = 0;

  /// `count` facts of a kind, the last one seen at `at`, that a queue of the host itself could not
  /// take.
  virtual void lost(EventKind /*kind*/, std::uint64_t /*count*/, base::SteadyTime /*at*/) noexcept {
  }

  /// Bracket a wake-up of the host's thread: facts submitted between have times not before `now`.
  /// They let the reader order the facts of several threads without waiting for idle ones.
  virtual void begin_batch(base::SteadyTime now) noexcept = 0;
  virtual void end_batch() noexcept = 0;

  /// Bytes that wait for the reader; for the host's thread, which may slow down those who sent them
  /// before anything is lost (ConnectionFacts::waiting says whose they are).
  virtual std::size_t waiting() const noexcept { return 0; }
};

}  // namespace mexport::monitor
