// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "wire/bitswap.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mexport::monitor {

/// Software that speaks Bitswap, as the beginning of its agent version tells. A closed set.
enum class AgentFamily : std::uint8_t {
  unknown,  ///< told nothing yet
  kubo,     ///< go-ipfs too
  rainbow,
  cluster,
  helia,  ///< and others on js-libp2p
  rust,
  other,
};
inline constexpr std::size_t kAgentFamilies = 7;
/// The enumerator's name; static storage.
std::string_view to_string(AgentFamily family);

/// nullptr: the peer has told nothing.
AgentFamily agent_family(const std::string* agent_version);

/// Counts what is wanted by who wants it. Written on a shard, read from anywhere.
class AgentWants {
 public:
  /// The message's entries but for cancels.
  void count(const std::string* agent_version, const wire::BitswapMessage& message);
  void add_to(std::map<std::string, std::uint64_t>& sums) const;

 private:
  std::array<base::Counter, kAgentFamilies> wants_;
};

}  // namespace mexport::monitor
