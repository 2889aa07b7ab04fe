// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "multiformats/ip.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <utility>

namespace mexport::libp2p {

/// Networks that are remembered; the one that was refused longest ago gives way.
inline constexpr std::size_t kMaxRefusedAddresses = 4096;
inline constexpr std::chrono::minutes kRefusalRemembered{60};

/// From where peers have gone away when the protocol that they proposed was refused, so that their
/// next try may be met with more. By IPv4 address and IPv6 /64. Shared by a node's shards and asked
/// within handshakes only. Thread-safe.
class RefusedAddresses {
 public:
  void remember(const multiformats::IpAddress& ip, base::SteadyTime now);
  /// Costs one atomic load as long as there is none.
  bool remembers(const multiformats::IpAddress& ip, base::SteadyTime now) const;
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  struct Entry {
    multiformats::IpAddress network;
    base::SteadyTime until;
  };
  using Entries = std::list<Entry>;  // the oldest first

  void drop(Entries::iterator entry);

  mutable std::mutex mutex_;
  Entries entries_;
  std::map<multiformats::IpAddress, Entries::iterator> by_network_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace mexport::libp2p
