// SPDX-License-Identifier: MIT
#include "capi/foreign_host.hpp"

#include "capi/listed_peers.hpp"
#include "capi/mexport.h"
#include "monitor/census.hpp"
#include "wire/signed_peer_record.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mexport::capi {

namespace {

using monitor::EventKind;

/// Of records that are no events, nullopt.
std::optional<EventKind> event_of(std::uint8_t record) {
  switch (record) {
    case MEXPORT_RECORD_MESSAGE:
      return EventKind::bitswap_message;
    case MEXPORT_RECORD_MESSAGE_SENT:
      return EventKind::bitswap_sent;
    case MEXPORT_RECORD_CONNECTED:
    case MEXPORT_RECORD_DISCONNECTED:
      return EventKind::connection_event;
    case MEXPORT_RECORD_IDENTIFIED:
      return EventKind::identify_event;
    default:
      return std::nullopt;
  }
}

multiformats::Cid cid_of(const wire::BitswapMessage& message, wire::CidSlice slice) {
  return *multiformats::Cid::from_bytes(message.cid(slice));
}

wire::OutgoingReply reply_of(const wire::BitswapMessage& message) {
  wire::OutgoingReply reply;
  for (const auto& block : message.blocks) reply.blocks.push_back(cid_of(message, block.cid));
  for (const auto& presence : message.presences) {
    if (presence.type == static_cast<std::int32_t>(wire::BlockPresence::have)) {
      reply.haves.push_back(cid_of(message, presence.cid));
    }
  }
  return reply;
}

}  // namespace

void ForeignHost::Counters::add_to(std::map<std::string, std::uint64_t>& sums) const {
  sums["host_batches_malformed"] = malformed.value();
  sums["host_messages_without_connection"] = without_connection.value();
  sums["host_unknown_connections"] = unknown_connections.value();
  sums["host_repeated_connections"] = repeated_connections.value();
  sums["host_records_lost"] = lost.value();
  sums["connected"] = opened.value();
  sums["disconnected"] = closed.value();
  sums["bitswap_served_haves"] = served_haves.value();
  sums["bitswap_served_blocks"] = served_blocks.value();
  sums["bitswap_served_block_bytes"] = served_block_bytes.value();
}

ForeignHost::ForeignHost(Parts parts, HostOptions options)
    : clock_(parts.clock),
      privacy_(std::move(parts.privacy)),
      sink_(parts.sink),
      log_(std::move(parts.log)),
      options_(std::move(options)),
      thread_(parts.clock),
      capture_(privacy_, parts.sink),
      outbox_(parts.commands, options_.asker.patience.timeout),
      ask_site_(thread_, table_, outbox_, *privacy_, capture_),
      listen_addrs_(options_.identity.listen_addrs) {
  if (!options_.probe) return;
  thread_.run([&] {
    asker_ = std::make_unique<monitor::Asker>(thread_, clock_, ask_site_, options_.asker);
  });
}

ForeignHost::~ForeignHost() {
  stop();
}

void ForeignHost::take(std::vector<Record>&& records) {
  thread_.run([&] {
    if (stopped_) return;
    sink_.begin_batch(std::max(last_, records.empty() ? last_ : steady(records.front().at)));
    for (auto& record : records) {
      last_ = std::max(last_, steady(record.at));
      std::visit([&](auto&& body) { take(last_, std::move(body)); }, std::move(record.body));
    }
    sink_.end_batch();
    outbox_.tidy();
  });
}

/// By how long ago it was: the future is now, and nothing is older than a day.
base::SteadyTime ForeignHost::steady(base::WallTime at) const {
  constexpr std::chrono::hours kOldest{24};
  const auto now = clock_.wall_now();
  return thread_.now() - (now - std::clamp(at, now - kOldest, now));
}

Connection* ForeignHost::connection(const std::string& key) {
  auto* found = table_.find(key);
  if (found == nullptr) counters_.unknown_connections.add();
  return found;
}

void ForeignHost::take(base::SteadyTime at, MessageRecord&& record) {
  auto* const peer = table_.find(record.peer);
  // What was fetched over HTTP was never on a Bitswap stream.
  if (peer == nullptr) return counters_.without_connection.add();
  // Which of several connections it came by the host does not tell.
  auto& connection = *peer->connections.front();
  if (record.sent) return served(at, connection, record);
  received_.count_received(record.message, record.size);
  agent_wants_.count(peer->agent_version.get(), record.message);
  auto answers = answered(*peer, record.message);
  capture_.message(connection.captured, {.connection = nullptr,
                                         .received_at = at,
                                         .message = std::move(record.message),
                                         .connected_addresses = peer->addresses,
                                         .agent_version = peer->agent_version,
                                         .message_index = connection.messages++,
                                         .size = record.size,
                                         .protocol = record.protocol,
                                         .answer_to = std::move(answers)});
}

void ForeignHost::served(base::SteadyTime at, Connection& connection, const MessageRecord& record) {
  auto reply = reply_of(record.message);
  counters_.served_haves.add(reply.haves.size());
  counters_.served_blocks.add(reply.blocks.size());
  for (const auto& block : record.message.blocks) counters_.served_block_bytes.add(block.size);
  if (reply.haves.empty() && reply.blocks.empty()) return;  // DONT_HAVEs are no events
  capture_.sent(connection.captured,
                {.connection = nullptr,
                 .at = at,
                 .content = monitor::Served{.reply = std::move(reply), .reply_to = {}},
                 .size = record.size,
                 .protocol = record.protocol});
}

std::vector<std::uint64_t> ForeignHost::answered(const Peer& peer,
                                                 const wire::BitswapMessage& message) {
  for (const auto* connection : peer.connections) {
    if (connection->asked && asker_) return asker_->answered(*connection->asked, message);
  }
  return {};
}

void ForeignHost::take(base::SteadyTime at, ConnectedRecord&& record) {
  auto* const opened = table_.open(record, at);
  if (opened == nullptr) return counters_.repeated_connections.add();
  counters_.opened.add();
  opened->captured =
      capture_.connected({.id = opened->id,
                          .node = 0,
                          .peer = opened->peer->id,
                          .remote = opened->remote,
                          .local = opened->local,
                          .transport = opened->transport,
                          .security = opened->security,
                          .direction = opened->direction,
                          .opened_at = opened->opened_at},
                         static_cast<std::uint32_t>(opened->peer->connections.size()));
}

void ForeignHost::take(base::SteadyTime at, DisconnectedRecord&& record) {
  auto* const closed = connection(record.connection);
  if (closed == nullptr) return;
  counters_.closed.add();
  if (closed->asked && asker_) asker_->on_disconnected(*closed->asked);
  const auto left = closed->peer->connections.size() - 1;
  capture_.disconnected(closed->captured, {.connection = nullptr,
                                           .at = at,
                                           .peer_connections = static_cast<std::uint32_t>(left),
                                           .messages = closed->messages,
                                           .latency = closed->peer->latency});
  table_.close(*closed);
}

void ForeignHost::take(base::SteadyTime at, IdentifiedRecord&& record) {
  auto* const of = connection(record.connection);
  if (of == nullptr) return;
  monitor::PeerIdentified fact;
  fact.at = at;
  if (record.error) {
    fact.cause = monitor::IdentifyCause::failed;
    fact.error = std::move(*record.error);
    return capture_.identified(of->captured, std::move(fact));
  }
  auto& peer = *of->peer;
  peer.agent_version = std::make_shared<const std::string>(std::move(record.agent_version));
  peer.protocols = std::make_shared<const std::vector<std::string>>(std::move(record.protocols));
  fact.cause = monitor::IdentifyCause::initial;
  fact.agent_version = peer.agent_version;
  fact.protocol_version = std::move(record.protocol_version);
  fact.protocols = *peer.protocols;
  fact.listen_addrs = std::move(record.listen_addrs);
  fact.observed_addr = std::move(record.observed);
  if (!record.envelope.empty()) {
    const auto opened = wire::open_peer_record(record.envelope);
    fact.record_valid = opened && opened->record.peer_id == peer.id;
    if (opened) {
      fact.record_sequence = opened->record.sequence;
      fact.key_type = to_string(opened->signer.type());
    }
  }
  capture_.identified(of->captured, std::move(fact));
}

void ForeignHost::take(base::SteadyTime at, LostRecord&& record) {
  counters_.lost.add(record.count);
  if (const auto kind = event_of(record.kind)) sink_.lost(*kind, record.count, at);
}

void ForeignHost::take(base::SteadyTime /*at*/, StreamsRecord&& record) {
  streams_ = std::move(record.protocols);
}

void ForeignHost::take(base::SteadyTime /*at*/, PeersRecord&& record) {
  for (auto& seen : record.peers) {
    auto* const peer = table_.find(seen.id);
    if (peer == nullptr) continue;
    if (seen.latency.count() > 0) peer->latency = seen.latency;
    if (!seen.agent_version.empty() &&
        (!peer->agent_version || *peer->agent_version != seen.agent_version)) {
      peer->agent_version = std::make_shared<const std::string>(std::move(seen.agent_version));
    }
    if (!seen.protocols.empty() && (!peer->protocols || *peer->protocols != seen.protocols)) {
      peer->protocols = std::make_shared<const std::vector<std::string>>(std::move(seen.protocols));
    }
  }
}

void ForeignHost::take(base::SteadyTime /*at*/, SentRecord&& record) {
  outbox_.on_sent(record);
}

void ForeignHost::take(base::SteadyTime /*at*/, AddressesRecord&& record) {
  listen_addrs_ = std::move(record.addresses);
}

void ForeignHost::stop_asking() {
  thread_.run([&] {
    if (asker_) asker_->stop();
  });
}

void ForeignHost::stop() {
  thread_.run([&] {
    stopped_ = true;
    if (asker_) asker_->stop();
  });
  thread_.stop();
}

monitor::HostStatistics ForeignHost::statistics() {
  monitor::HostStatistics sum;
  thread_.run([&] {
    for (const auto* connection : table_.all()) {
      const bool inbound = connection->direction == monitor::Direction::inbound;
      ++(inbound ? sum.connections_inbound : sum.connections_outbound);
      ++sum.connections_by_transport[std::string(connection->transport)];
    }
    for (const auto& protocol : streams_) {
      auto& of = protocol.id.empty() ? sum.other_streams : sum.streams_by_protocol[protocol.id];
      of.inbound += protocol.inbound;
      of.outbound += protocol.outbound;
    }
    if (asker_) {
      for (const auto& [name, value] : asker_->counters().list()) sum.counters[name] = value;
    }
  });
  sum.messages_total = received_.messages.value();
  sum.wantlist_entries_total = received_.entries.value();
  agent_wants_.add_to(sum.wants_by_agent_family);
  for (const auto& [name, value] : received_.list()) sum.counters[name] = value;
  for (const auto& [name, value] : capture_.counters().list()) sum.counters[name] = value;
  counters_.add_to(sum.counters);
  return sum;
}

monitor::PeerCensus ForeignHost::census() {
  monitor::Census census;
  thread_.run([&] {
    for (const auto& [id, peer] : table_.peers()) {
      census.add({peer->agent_version, peer->protocols, peer->addresses, peer->connections.size()});
    }
  });
  return census.result();
}

std::unique_ptr<monitor::PeerCursor> ForeignHost::peers() {
  std::vector<multiformats::PeerId> ids;
  const auto connections = thread_.run([&] {
    ids.reserve(table_.peers().size());
    for (const auto& [id, peer] : table_.peers()) ids.push_back(id);
    return table_.all().size();
  });
  return std::make_unique<ListedPeers>(*this, std::move(ids), connections);
}

void ForeignHost::view(const std::vector<multiformats::PeerId>& ids, std::size_t from,
                       std::size_t to, std::vector<monitor::PeerView>& views) {
  thread_.run([&] {
    for (std::size_t i = from; i < to; ++i) {
      if (const auto* peer = table_.find(ids[i])) add_view(*peer, *privacy_, views);
    }
  });
}

bool ForeignHost::ask(const monitor::Ask& ask,
                      const std::shared_ptr<monitor::AskListener>& listener) {
  return thread_.run([&] {
    if (!asker_ || stopped_) return false;
    asker_->start(std::make_shared<monitor::AskPlan>(
        ask, listener, askable_connections(table_, *privacy_, ask.filter), 1));
    return true;
  });
}

std::vector<std::string> ForeignHost::peer_ids() const {
  return {options_.identity.peer_id};
}

std::vector<std::string> ForeignHost::listen_addrs() const {
  return thread_.run([&] { return listen_addrs_; });
}

}  // namespace mexport::capi
