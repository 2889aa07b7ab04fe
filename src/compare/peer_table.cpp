// SPDX-License-Identifier: MIT
#include "compare/peer_table.hpp"

namespace mexport::compare {

std::uint32_t PeerTable::number_of(std::string_view peer) {
  const auto key = key_of(peer);
  auto found = numbers_.find(key);
  if (found == numbers_.end()) {
    if (peers_.size() == kMostPeers) {
      complete_ = false;
      return kUnknown;
    }
    found = numbers_.emplace(key, static_cast<std::uint32_t>(peers_.size())).first;
    peers_.emplace_back();
  }
  return found->second;
}

std::uint32_t PeerTable::seen(Side side, std::string_view peer) {
  const auto number = number_of(peer);
  if (number == kUnknown) return number;
  peers_[number].sides |= static_cast<std::uint8_t>(1U << index_of(side));
  return number;
}

void PeerTable::set_agent(std::uint32_t peer, std::string_view agent) {
  if (peer == kUnknown || agent.empty()) return;
  auto& known = peers_[peer].agent;
  if (agents_[known] != agent) known = number_of_agent(agent);
}

std::uint32_t PeerTable::number_of_agent(std::string_view agent) {
  const auto key = key_of(agent);
  if (const auto found = agent_numbers_.find(key); found != agent_numbers_.end()) {
    return found->second;
  }
  if (agents_.size() == kMostAgents) return kOtherAgent;
  const auto number = static_cast<std::uint32_t>(agents_.size());
  agents_.emplace_back(agent);
  agent_numbers_.emplace(key, number);
  return number;
}

std::uint32_t PeerTable::agent_of(std::uint32_t peer) const {
  return peer == kUnknown ? kNoAgent : peers_[peer].agent;
}

SetOverlap PeerTable::overlap() const {
  SetOverlap overlap;
  overlap.complete = complete_;
  for (const auto& peer : peers_) {
    if (peer.sides == 1) ++overlap.only[0];
    if (peer.sides == 2) ++overlap.only[1];
    if (peer.sides == 3) ++overlap.both;
  }
  return overlap;
}

}  // namespace mexport::compare
