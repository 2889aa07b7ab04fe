// SPDX-License-Identifier: MIT
#pragma once

#include "compare/key.hpp"
#include "compare/overlap.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mexport::compare {

/// The peers of two records, and the agent version that each showed last. Memory: kMostPeers of
/// some 80 bytes, kMostAgents texts.
class PeerTable {
 public:
  static constexpr std::size_t kMostPeers = 1 << 22;
  static constexpr std::size_t kMostAgents = 1 << 12;
  static constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();

  /// Its number, whether a record has it or not; kUnknown when there are too many.
  std::uint32_t number_of(std::string_view peer);
  /// Likewise, and that record has it.
  std::uint32_t seen(Side side, std::string_view peer);
  /// Of such a number; an empty one changes nothing.
  void set_agent(std::uint32_t peer, std::string_view agent);

  /// Number of its agent version, an index of agents().
  std::uint32_t agent_of(std::uint32_t peer) const;
  /// Escapes as they stand. The first two are of peers without a known one, and of all beyond
  /// kMostAgents.
  const std::vector<std::string>& agents() const { return agents_; }

  SetOverlap overlap() const;

 private:
  static constexpr std::uint32_t kNoAgent = 0;
  static constexpr std::uint32_t kOtherAgent = 1;

  struct Peer {
    std::uint32_t agent = kNoAgent;
    std::uint8_t sides = 0;
  };

  std::uint32_t number_of_agent(std::string_view agent);

  std::unordered_map<Key, std::uint32_t, KeyHash> numbers_;
  std::vector<Peer> peers_;
  std::vector<std::string> agents_{"unknown", "others"};
  std::unordered_map<Key, std::uint32_t, KeyHash> agent_numbers_;
  bool complete_ = true;
};

}  // namespace mexport::compare
