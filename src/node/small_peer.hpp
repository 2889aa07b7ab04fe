// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_transport.hpp"
#include "node/node_options.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace mexport::node {

/// A peer without listeners that keeps one connection and sends wantlists over it, on the same
/// stack as the node: what a demonstration or a load is made of. Lives on one shard, with any
/// number of others.
class SmallPeer final : private libp2p::SwarmEvents {
 public:
  struct Parts {
    libp2p::tcp::SystemShard& shard;
    libp2p::ConnectionIds& connection_ids;
    const base::Clock& clock;
    base::Logger log;
  };

  /// With a new Ed25519 identity. Fails only when no key can be made. To be called on the shard.
  static base::Result<std::unique_ptr<SmallPeer>> create(Parts parts, libp2p::SwarmOptions options);
  ~SmallPeer() override;

  /// Connects to `target`, which may be on loopback, and again whenever the connection is lost.
  void keep_connected(const KnownPeer& target);

  /// Whether the target has answered identify, so that a wantlist may be sent.
  bool ready() const { return connection_ != nullptr; }
  /// Writes a length-prefixed Bitswap message (BitswapMessageWriter::frame()) on the one stream
  /// that it keeps open. False when there is no connection or the target does not take it.
  bool send(base::ByteView frame);

  /// Bytes of Bitswap that the target has sent.
  std::uint64_t answered_bytes() const { return answered_bytes_; }

  void stop() { swarm_.stop(); }

 private:
  class WantStream;
  class AnswerStream;

  void on_connected(libp2p::Connection&) override {}
  void on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info) override;
  void on_identified(libp2p::Connection& connection, libp2p::IdentifyResult result) override;
  bool open_stream();

  SmallPeer(Parts parts, libp2p::PeerIdentity identity, libp2p::NodeSecurity security,
            libp2p::SwarmOptions options);

  libp2p::PeerIdentity identity_;
  libp2p::NodeSecurity security_;
  libp2p::PeerDirectory directory_;
  libp2p::tcp::TcpTransport transport_;
  libp2p::Swarm swarm_;
  libp2p::Connection* connection_ = nullptr;
  libp2p::Stream* stream_ = nullptr;
  std::uint64_t answered_bytes_ = 0;
};

}  // namespace mexport::node
