// SPDX-License-Identifier: MIT
#include "node/node_shard.hpp"

#include "ipfs/bitswap/reply.hpp"

#include <utility>

namespace mexport::node {

namespace {

libp2p::SwarmParts swarm_parts(const NodeShard::Parts& parts, libp2p::SwarmEvents& events) {
  return {
      .shard = parts.shard,
      .identity = parts.identity,
      .security = parts.security,
      .directory = parts.directory,
      .ids = parts.connection_ids,
      .clock = parts.clock,
      .events = events,
      .log = parts.log,
      .admission = &parts.admission,
  };
}

}  // namespace

NodeShard::NodeShard(Parts parts, libp2p::SwarmOptions swarm_options,
                     ipfs::BitswapOptions bitswap_options, monitor::AskerOptions asker_options)
    : privacy_(parts.privacy),
      transport_(std::move(parts.transport)),
      bitswap_(parts.shard, *this, bitswap_options),
      swarm_(swarm_parts(parts, *this), std::move(swarm_options)),
      ask_site_(swarm_, *privacy_, *this, asker_options.patience.timeout),
      asker_(parts.shard, parts.clock, ask_site_, asker_options) {
  if (parts.sink != nullptr) {
    recorder_.emplace(parts.shard, parts.privacy, *parts.sink, parts.long_messages);
  }
  bitswap_.register_protocols(swarm_.protocols());
  swarm_.add_transport(*transport_);
}

void NodeShard::on_connected(libp2p::Connection& connection) {
  if (recorder_) recorder_->connected(connection);
}

void NodeShard::on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info) {
  bitswap_.on_disconnected(connection);
  if (const auto* peer = AskSite::asked(connection)) asker_.on_disconnected(*peer);
  if (recorder_) recorder_->disconnected(connection, info);
}

void NodeShard::on_identified(libp2p::Connection& connection, libp2p::IdentifyResult result) {
  if (recorder_) recorder_->identified(connection, std::move(result));
}

std::string NodeShard::log_name(const multiformats::PeerId* peer,
                                const multiformats::Multiaddr& remote) const {
  const bool excluded =
      peer != nullptr ? privacy_->excludes(*peer, remote) : privacy_->excludes(remote);
  if (excluded) return "(excluded)";
  const auto address = privacy_->shown(remote);
  return peer != nullptr ? privacy_->shown(*peer).to_string() + " at " + address : address;
}

void NodeShard::on_bitswap_message(libp2p::Connection& connection, wire::BitswapMessage&& message,
                                   const ipfs::BitswapMessageInfo& info) {
  agent_wants_.count(connection.peer_snapshot()->agent_version.get(), message);
  if (!recorder_) return;
  std::vector<std::uint64_t> answered;
  if (const auto* peer = AskSite::asked(connection)) answered = asker_.answered(*peer, message);
  recorder_->message(connection, std::move(message), info, std::move(answered));
}

void NodeShard::on_bitswap_reply(libp2p::Connection& connection, const ipfs::Reply& reply,
                                 wire::BitswapProtocol protocol, std::size_t size) {
  if (!recorder_) return;
  recorder_->sent(connection, {.connection = nullptr,
                               .at = swarm_.shard().now(),
                               .content = monitor::Served{reply.content, reply.reply_to},
                               .size = static_cast<std::uint32_t>(size),
                               .protocol = protocol});
}

void NodeShard::on_asked(libp2p::Connection& connection,
                         const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                         wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) {
  if (!recorder_) return;
  recorder_->sent(connection, {.connection = nullptr,
                               .at = swarm_.shard().now(),
                               .content = monitor::Asked{wantlist, request},
                               .size = static_cast<std::uint32_t>(size),
                               .protocol = protocol});
}

void NodeShard::on_long_message(libp2p::Connection& connection, std::size_t before,
                                std::size_t now) {
  if (recorder_) recorder_->long_message(connection, before, now);
}

}  // namespace mexport::node
