// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/service.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/transport.hpp"
#include "monitor/agent_wants.hpp"
#include "monitor/asker.hpp"
#include "node/ask_site.hpp"
#include "node/recorder.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::node {

/// One node's part on one shard: its swarm, its Bitswap, and the way of what they see into the
/// shard's sink. Made, used and destroyed on the shard. Knows nothing of threads and sockets: the
/// simulation runs the same object.
class NodeShard final : public libp2p::SwarmEvents, public ipfs::BitswapEvents, private AskEvents {
 public:
  struct Parts {
    libp2p::Shard& shard;
    std::unique_ptr<libp2p::Transport> transport;  ///< for its dials
    monitor::ObservationSink* sink = nullptr;      ///< nullptr: nothing is recorded
    const libp2p::PeerIdentity& identity;
    const libp2p::NodeSecurity& security;
    libp2p::PeerDirectory& directory;
    libp2p::ConnectionIds& connection_ids;
    const base::Clock& clock;
    libp2p::Admission& admission;
    LongMessages& long_messages;
    base::Logger log;
    std::shared_ptr<const monitor::Privacy> privacy = std::make_shared<const monitor::Privacy>();
  };

  NodeShard(Parts parts, libp2p::SwarmOptions swarm_options, ipfs::BitswapOptions bitswap_options,
            monitor::AskerOptions asker_options = {});

  libp2p::Swarm& swarm() { return swarm_; }
  /// As BitswapService.
  void serve(std::shared_ptr<const ipfs::BlockSet> blocks) { bitswap_.serve(std::move(blocks)); }
  monitor::Asker& asker() { return asker_; }
  /// Readable from any thread.
  const libp2p::SwarmCounters& swarm_counters() const { return swarm_.counters(); }
  const ipfs::BitswapCounters& bitswap_counters() const { return bitswap_.counters(); }
  const monitor::AskerCounters& asker_counters() const { return asker_.counters(); }
  const monitor::AgentWants& agent_wants() const { return agent_wants_; }
  /// What it speaks, by ProtocolTable::tag() less one.
  std::vector<std::string> protocols() const { return swarm_.protocols().protocols(); }
  /// nullptr when nothing is recorded.
  const monitor::CaptureCounters* capture_counters() const {
    return recorder_ ? &recorder_->counters() : nullptr;
  }
  const IntakeCounters* intake_counters() const {
    return recorder_ ? &recorder_->intake_counters() : nullptr;
  }

  void on_connected(libp2p::Connection& connection) override;
  void on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info) override;
  void on_identified(libp2p::Connection& connection, libp2p::IdentifyResult result) override;
  void on_bitswap_message(libp2p::Connection& connection, wire::BitswapMessage&& message,
                          const ipfs::BitswapMessageInfo& info) override;
  /// What may be recorded may be said.
  std::string log_name(const multiformats::PeerId* peer,
                       const multiformats::Multiaddr& remote) const override;
  void on_bitswap_reply(libp2p::Connection& connection, const ipfs::Reply& reply,
                        wire::BitswapProtocol protocol, std::size_t size) override;
  void on_long_message(libp2p::Connection& connection, std::size_t before,
                       std::size_t now) override;

 private:
  void on_asked(libp2p::Connection& connection,
                const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) override;

  std::shared_ptr<const monitor::Privacy> privacy_;
  std::optional<Recorder> recorder_;
  monitor::AgentWants agent_wants_;
  std::unique_ptr<libp2p::Transport> transport_;
  ipfs::BitswapService bitswap_;
  libp2p::Swarm swarm_;
  AskSite ask_site_;
  monitor::Asker asker_;
};

}  // namespace mexport::node
