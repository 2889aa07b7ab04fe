// SPDX-License-Identifier: MIT
#include "monitor/census.hpp"

#include "monitor/asker.hpp"

#include <map>
#include <set>

namespace mexport::monitor {

namespace {

void add_to(std::map<std::string, std::uint64_t>& counts, const std::string& text,
            std::uint64_t count) {
  const auto found = counts.find(text);
  if (found != counts.end()) {
    found->second += count;
  } else if (counts.size() < PeerCensus::kMaxTexts) {
    counts.emplace(text, count);
  }
}

}  // namespace

std::string transport_of(std::string_view address) {
  std::string transport;
  bool is_name = true;
  while (!address.empty() && address.front() == '/') {
    const auto end = address.find('/', 1);
    const auto part = address.substr(0, end);
    if (is_name) transport += part;
    is_name = !is_name;
    address = end == std::string_view::npos ? "" : address.substr(end);
  }
  return transport;
}

void Census::add(const CensusPeer& peer) {
  ++peers_;
  ++agents_[peer.agent_version];
  connections_ += peer.connections;
  peer.protocols ? ++protocols_[peer.protocols] : ++untold_;
  if (!peer.addresses || peer.addresses->empty()) return;
  for (const auto& address : *peer.addresses) ++transports_[transport_of(address)];
  // Of very many connections of one peer not all are listed; they come as the first did.
  const auto unlisted = peer.connections - peer.addresses->size();
  if (unlisted > 0) transports_[transport_of(peer.addresses->front())] += unlisted;
}

PeerCensus Census::result() const {
  PeerCensus census{.peers = peers_, .agent_versions = {}, .protocols = {}, .transports = {}};
  census.connections = connections_;
  census.askable = untold_;
  for (const auto& [agent, count] : agents_) {
    add_to(census.agent_versions, agent ? *agent : std::string(PeerCensus::kNoAgent), count);
  }
  for (const auto& [list, count] : protocols_) {
    if (speaks_bitswap(list.get())) census.askable += count;
    // A peer may name one more than once.
    for (const auto& protocol : std::set<std::string>(list->begin(), list->end())) {
      add_to(census.protocols, protocol, count);
    }
  }
  for (const auto& [transport, count] : transports_) add_to(census.transports, transport, count);
  return census;
}

}  // namespace mexport::monitor
