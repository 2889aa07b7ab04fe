// SPDX-License-Identifier: MIT
#include "libp2p/refused_addresses.hpp"

#include <algorithm>

namespace mexport::libp2p {
namespace {

multiformats::IpAddress network_of(const multiformats::IpAddress& ip) {
  auto network = ip.unmapped();
  if (network.v6) std::fill(network.bytes.begin() + 8, network.bytes.end(), std::uint8_t{0});
  return network;
}

}  // namespace

void RefusedAddresses::remember(const multiformats::IpAddress& ip, base::SteadyTime now) {
  const auto network = network_of(ip);
  const std::lock_guard lock(mutex_);
  if (const auto known = by_network_.find(network); known != by_network_.end()) {
    drop(known->second);
  }
  // In the order of their ends, since each lasts as long.
  while (!entries_.empty() &&
         (entries_.front().until <= now || entries_.size() >= kMaxRefusedAddresses)) {
    drop(entries_.begin());
  }
  by_network_[network] = entries_.insert(entries_.end(), {network, now + kRefusalRemembered});
  size_.store(entries_.size(), std::memory_order_relaxed);
}

bool RefusedAddresses::remembers(const multiformats::IpAddress& ip, base::SteadyTime now) const {
  if (size() == 0) return false;
  const std::lock_guard lock(mutex_);
  const auto known = by_network_.find(network_of(ip));
  return known != by_network_.end() && now < known->second->until;
}

void RefusedAddresses::drop(Entries::iterator entry) {
  by_network_.erase(entry->network);
  entries_.erase(entry);
}

}  // namespace mexport::libp2p
