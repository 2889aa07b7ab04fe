// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/rate_limit.hpp"
#include "base/result.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/byte_budget.hpp"
#include "libp2p/close_info.hpp"
#include "libp2p/error_codes.hpp"
#include "libp2p/negotiate_stream.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/stream.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p {

class Swarm;
namespace identify {
class Service;
}

/// What stays the same for the life of a connection.
struct ConnectionInfo {
  std::uint64_t id = 0;    ///< unique in the process (ConnectionIds)
  std::uint32_t node = 0;  ///< index of the node that holds it
  Direction direction = Direction::inbound;
  multiformats::PeerId peer;
  multiformats::Multiaddr local;  ///< transport parts only, as is `remote`
  multiformats::Multiaddr remote;
  std::string_view transport;  ///< "tcp"; static storage, as the next two
  std::string_view security;   ///< "noise"
  std::string_view key_type;   ///< of the peer's identity key: "ed25519", …
  base::SteadyTime opened_at;
};

/// Bytes on the socket, handshake included.
struct ConnectionStats {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

/// What services keep with a connection, one slot each.
class ConnectionAttachment {
 public:
  virtual ~ConnectionAttachment() = default;
};
enum class AttachmentSlot : std::uint8_t { host, bitswap, probe, kad };
inline constexpr std::size_t kAttachmentSlots = 4;

/// How a stream is opened.
struct OpenStreamOptions {
  /// Best first; must outlive the stream's negotiation (constants, as a rule).
  std::span<const std::string_view> protocols;
  /// Takes over once a protocol is agreed on; in the lazy form the caller may write before. Never
  /// null.
  std::unique_ptr<StreamHandler> handler{};
  /// Lazy is right only for protocols[0] that Connection::speaks() knows.
  multistream::Form form = multistream::Form::waiting;
  /// May be empty. See OutboundNegotiator.
  OutboundNegotiator::Callback on_negotiated{};
  /// For the negotiation; the swarm's own when there is none.
  std::optional<std::chrono::milliseconds> negotiation_timeout{};
};

/// A secured, multiplexed connection to a peer; whatever carries it (TCP with Noise and yamux now,
/// QUIC later). Owned by its Swarm, lives on one shard. A reference is valid until
/// SwarmEvents::on_disconnected() has returned.
class Connection {
 public:
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const ConnectionInfo& info() const { return info_; }
  const multiformats::PeerId& peer() const { return info_.peer; }
  std::uint64_t id() const { return info_.id; }
  Swarm& swarm() { return swarm_; }

  /// Opens a stream and negotiates its protocol. The pointer is valid until the
  /// stream has ended (StreamHandler). Fails when the connection is closing or too many streams
  /// wait for the peer.
  virtual base::Result<Stream*> open_stream(OpenStreamOptions options) = 0;

  /// Tells the peer why and ends the connection: streams are reset, on_disconnected() comes later,
  /// never from within this call. Idempotent; the first reason counts.
  virtual void close(ConnectionCode code) = 0;
  virtual bool closing() const = 0;

  /// Whether the peer is listened to. For seconds at most, since keep-alives are not heard either:
  /// see RawConnection::set_reading().
  virtual void set_reading(bool reading) = 0;
  /// Whether the peer may send more on a stream than the window it has. While it may not, it is
  /// listened to all the same: a long message stops, and short ones and keep-alives come. For as
  /// long as one likes.
  virtual void set_granting(bool granting) = 0;

  virtual ConnectionStats stats() const = 0;
  virtual std::size_t stream_count() const = 0;

  /// Asks the peer for a sign of life now, which also measures the round trip.
  virtual void measure_rtt() = 0;
  /// The smoothed round trip; nullopt before the first measurement.
  std::optional<std::chrono::nanoseconds> latency() const;
  /// Takes a measurement into the average (weight 1/10, as go-libp2p's peerstore).
  void record_rtt(std::chrono::nanoseconds rtt);

  /// The peer's addresses and agent, over all shards: one atomic load while nothing changed. Valid
  /// until the next call. In on_disconnected(): as it was just before.
  const PeerSnapshotPtr& peer_snapshot();

  /// What identify told last; null while unknown.
  const std::shared_ptr<const std::vector<std::string>>& protocols() const { return protocols_; }
  /// Whether the peer listed this protocol.
  bool speaks(std::string_view protocol) const;

  /// What the peer makes us hold. Whoever keeps something for it says so here, and says too when it
  /// is gone; too much ends the connection, later.
  ByteAccount& bytes() { return bytes_; }

  std::unique_ptr<ConnectionAttachment>& attachment(AttachmentSlot slot) {
    return attachments_[static_cast<std::size_t>(slot)];
  }

 protected:
  Connection(Swarm& swarm, ConnectionInfo info);

  /// For the swarm, once the connection is closing: passes the last words on and lets go of what
  /// carries it.
  virtual CloseInfo finish() = 0;

 private:
  friend class ConnectionSet;
  friend class Swarm;
  friend class identify::Service;

  Swarm& swarm_;
  ConnectionInfo info_;
  Admission::Place place_;
  ByteAccount bytes_;  // before what gives back to it at its end
  PeerDirectory::Handle directory_;
  std::shared_ptr<const std::vector<std::string>> protocols_;
  std::array<std::unique_ptr<ConnectionAttachment>, kAttachmentSlots> attachments_;
  std::chrono::nanoseconds latency_{0};
  std::size_t index_ = 0;           // in ConnectionSet
  base::RateLimit pushes_;          // of identify, by the peer
  std::uint32_t told_version_ = 0;  // which announcement of ours identify has told the peer
};

}  // namespace mexport::libp2p
