// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/host.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mexport::monitor {

/// "/ip4/tcp" of "/ip4/192.0.2.1/tcp/4001": a multiaddr's protocols without their values, as far as
/// our transports go (each protocol has a value but the last, perhaps).
std::string transport_of(std::string_view address);

/// A peer that is counted.
struct CensusPeer {
  AgentVersionPtr agent_version;                              ///< null while unknown
  std::shared_ptr<const std::vector<std::string>> protocols;  ///< null while unknown
  AddressListPtr addresses;                                   ///< of its connections
  std::size_t connections = 0;                                ///< there may be more than addresses
};

/// Counts peers. Texts that peers share are counted by their one copy, so that 100,000 peers cost
/// few comparisons of texts.
class Census {
 public:
  void add(const CensusPeer& peer);
  PeerCensus result() const;

 private:
  using Protocols = std::shared_ptr<const std::vector<std::string>>;

  std::uint64_t peers_ = 0;
  std::uint64_t connections_ = 0;
  std::uint64_t untold_ = 0;                                   // protocols
  std::unordered_map<AgentVersionPtr, std::uint64_t> agents_;  // null: untold
  std::unordered_map<Protocols, std::uint64_t> protocols_;
  std::unordered_map<std::string, std::uint64_t> transports_;
};

}  // namespace mexport::monitor
