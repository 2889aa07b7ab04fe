// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace mexport::libp2p {

/// How long to wait after the nth failure in a row, counted from 0: 5 s and n^2 s, at most 5 min
/// (go-libp2p: p2p/net/swarm/swarm_dial.go), give or take a tenth so that many spread.
std::chrono::milliseconds backoff_delay(std::uint32_t failures, base::Random& random);

/// What is remembered of failures; beyond it the oldest knowledge is not taken in.
inline constexpr std::size_t kMaxBackoffEntries = 16'384;

/// Which addresses of which peers failed lately. One shard.
class DialBackoff {
 public:
  explicit DialBackoff(base::Random& random) : random_(random) {}

  bool blocked(const multiformats::PeerId& peer, const multiformats::Multiaddr& address,
               base::SteadyTime now) const;
  void failed(const multiformats::PeerId& peer, const multiformats::Multiaddr& address,
              base::SteadyTime now);
  void succeeded(const multiformats::PeerId& peer, const multiformats::Multiaddr& address);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint32_t failures = 0;
    base::SteadyTime until;
  };
  static std::string key(const multiformats::PeerId& peer, const multiformats::Multiaddr& address);
  void forget_old(base::SteadyTime now);

  base::Random& random_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace mexport::libp2p
