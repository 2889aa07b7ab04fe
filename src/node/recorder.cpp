// SPDX-License-Identifier: MIT
#include "node/recorder.hpp"

#include <memory>
#include <utility>

namespace mexport::node {

namespace {

monitor::Direction to_monitor(libp2p::Direction direction) {
  return direction == libp2p::Direction::inbound ? monitor::Direction::inbound
                                                 : monitor::Direction::outbound;
}

monitor::ClosedBy to_monitor(libp2p::ClosedBy by) {
  switch (by) {
    case libp2p::ClosedBy::local:
      return monitor::ClosedBy::local;
    case libp2p::ClosedBy::remote:
      return monitor::ClosedBy::remote;
    case libp2p::ClosedBy::error:
      break;
  }
  return monitor::ClosedBy::error;
}

monitor::IdentifyCause to_monitor(libp2p::IdentifyCause cause) {
  switch (cause) {
    case libp2p::IdentifyCause::initial:
      return monitor::IdentifyCause::initial;
    case libp2p::IdentifyCause::push:
      return monitor::IdentifyCause::push;
    case libp2p::IdentifyCause::failed:
      break;
  }
  return monitor::IdentifyCause::failed;
}

/// What the recorder keeps with each connection.
struct ConnectionRecord final : libp2p::ConnectionAttachment {
  monitor::CapturedConnection captured;
  std::uint64_t messages = 0;
};

ConnectionRecord& record_of(libp2p::Connection& connection) {
  return static_cast<ConnectionRecord&>(*connection.attachment(libp2p::AttachmentSlot::host));
}

}  // namespace

void Recorder::connected(libp2p::Connection& connection) {
  const auto& info = connection.info();
  const auto open = connection.peer_snapshot()->connection_count();
  auto record = std::make_unique<ConnectionRecord>();
  record->captured = capture_.connected({.id = info.id,
                                         .node = info.node,
                                         .peer = info.peer,
                                         .remote = info.remote,
                                         .local = info.local,
                                         .transport = info.transport,
                                         .security = info.security,
                                         .direction = to_monitor(info.direction),
                                         .opened_at = info.opened_at},
                                        static_cast<std::uint32_t>(open));
  connection.attachment(libp2p::AttachmentSlot::host) = std::move(record);
}

void Recorder::disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info) {
  intake_.disconnected(connection);
  const ConnectionRecord& record = record_of(connection);
  const auto stats = connection.stats();
  capture_.disconnected(record.captured,
                        {.connection = nullptr,
                         .at = connection.swarm().shard().now(),
                         .peer_connections = static_cast<std::uint32_t>(info.peer_connections),
                         .closed_by = to_monitor(info.by),
                         .close_code = info.code,
                         .reason = info.reason_text(),
                         .bytes_in = stats.bytes_in,
                         .bytes_out = stats.bytes_out,
                         .messages = record.messages,
                         .latency = connection.latency()});
}

void Recorder::identified(libp2p::Connection& connection, libp2p::IdentifyResult&& result) {
  monitor::PeerIdentified fact;
  fact.at = connection.swarm().shard().now();
  fact.cause = to_monitor(result.cause);
  if (result.cause == libp2p::IdentifyCause::failed) {
    fact.error = result.error.message();
  } else {
    fact.agent_version = std::move(result.agent_version);
    fact.protocol_version = std::move(result.protocol_version);
    fact.protocols = *result.protocols;
    fact.listen_addrs = std::move(result.listen_addrs);
    fact.observed_addr = std::move(result.observed_addr);
    fact.key_type = connection.info().key_type;
    fact.record_sequence = result.record_sequence;
    fact.record_valid = result.record_valid;
  }
  capture_.identified(record_of(connection).captured, std::move(fact));
}

void Recorder::message(libp2p::Connection& connection, wire::BitswapMessage&& message,
                       const ipfs::BitswapMessageInfo& info,
                       std::vector<std::uint64_t>&& answered) {
  ConnectionRecord& record = record_of(connection);
  record.messages = info.index + 1;
  const auto& peer = connection.peer_snapshot();
  capture_.message(record.captured, {.connection = nullptr,
                                     .received_at = info.received_at,
                                     .message = std::move(message),
                                     .connected_addresses = peer->addresses,
                                     .agent_version = peer->agent_version,
                                     .stream = info.stream,
                                     .message_index = info.index,
                                     .size = info.size,
                                     .protocol = info.protocol,
                                     .answer_to = std::move(answered)});
  if (const auto* waiting = record.captured.waiting()) intake_.recorded(connection, *waiting);
}

void Recorder::sent(libp2p::Connection& connection, monitor::BitswapSent&& fact) {
  capture_.sent(record_of(connection).captured, std::move(fact));
}

}  // namespace mexport::node
