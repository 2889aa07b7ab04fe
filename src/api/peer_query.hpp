// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/peer_view.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::api {

/// Which connected peers a page shows. What is empty lets all pass.
struct PeerQuery {
  static constexpr std::size_t kMaxLimit = 1000;

  std::size_t limit = 100;
  std::optional<multiformats::PeerId> after{};    ///< the page begins behind it
  std::string agent{};                            ///< stands within the agent version
  std::string protocol{};                         ///< is supported
  std::optional<monitor::Direction> direction{};  ///< of one connection at least
  std::string address{};                          ///< begins that of one connection at least

  bool matches(const monitor::PeerView& peer) const;
};

/// Reads `limit=100&after=…&agent=…&protocol=…&direction=…&address=…`. The error says what is
/// wrong.
std::expected<PeerQuery, std::string> parse_peer_query(std::string_view query);

}  // namespace mexport::api
