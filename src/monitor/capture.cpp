// SPDX-License-Identifier: MIT
#include "monitor/capture.hpp"

namespace mexport::monitor {
namespace {

ConnectionFactsPtr make_facts(const ConnectionSeen& seen, const Privacy& privacy) {
  auto facts = std::make_shared<ConnectionFacts>();
  facts->id = seen.id;
  facts->node = seen.node;
  facts->peer = privacy.shown(seen.peer);
  facts->peer_text = facts->peer.to_string();
  facts->remote = privacy.shown(seen.remote);
  facts->local = privacy.shown(seen.local);
  facts->transport = seen.transport;
  facts->security = seen.security;
  facts->direction = seen.direction;
  facts->relayed = seen.remote.is_relayed();
  facts->opened_at = seen.opened_at;
  return facts;
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> CaptureCounters::list() const {
  return {{"excluded_connections", excluded_connections.value()},
          {"excluded_messages", excluded_messages.value()},
          {"excluded_identifies", excluded_identifies.value()}};
}

CapturedConnection Capture::connected(const ConnectionSeen& seen, std::uint32_t peer_connections) {
  CapturedConnection connection;
  if (privacy_->excludes(seen.peer, seen.remote)) {
    counters_.excluded_connections.add();
    return connection;
  }
  connection.facts_ = make_facts(seen, *privacy_);
  if (privacy_->changes_addresses()) {
    connection.addresses_ = std::make_unique<CapturedConnection::Addresses>();
  }
  sink_.submit(Connected{connection.facts_, seen.opened_at, peer_connections});
  return connection;
}

void Capture::disconnected(const CapturedConnection& connection, Disconnected&& fact) {
  if (!connection.recorded()) return;
  fact.connection = connection.facts_;
  sink_.submit(std::move(fact));
}

void Capture::identified(const CapturedConnection& connection, PeerIdentified&& fact) {
  if (!connection.recorded()) return counters_.excluded_identifies.add();
  fact.connection = connection.facts_;
  if (privacy_->changes_addresses() && fact.cause != IdentifyCause::failed) {
    fact.listen_addrs = privacy_->shown_set(fact.listen_addrs);
    if (!fact.observed_addr.empty()) fact.observed_addr = privacy_->shown_text(fact.observed_addr);
  }
  // A start time in nanoseconds more often than not: it would name the peer.
  if (privacy_->keyed_peers()) fact.record_sequence.reset();
  sink_.submit(std::move(fact));
}

void Capture::message(CapturedConnection& connection, BitswapMessageReceived&& fact) {
  if (!connection.recorded()) return counters_.excluded_messages.add();
  fact.connection = connection.facts_;
  if (connection.addresses_) {
    fact.connected_addresses = shown(*connection.addresses_, std::move(fact.connected_addresses));
  }
  sink_.submit(std::move(fact));
}

// Who is excluded is not asked, so that there is nothing to count.
void Capture::sent(const CapturedConnection& connection, BitswapSent&& fact) {
  if (!connection.recorded()) return;
  fact.connection = connection.facts_;
  sink_.submit(std::move(fact));
}

const AddressListPtr& Capture::shown(CapturedConnection::Addresses& addresses,
                                     AddressListPtr&& seen) {
  if (seen != addresses.seen) {
    addresses.shown =
        seen ? std::make_shared<const AddressList>(privacy_->shown_texts(*seen)) : nullptr;
    addresses.seen = std::move(seen);
  }
  return addresses.shown;
}

}  // namespace mexport::monitor
