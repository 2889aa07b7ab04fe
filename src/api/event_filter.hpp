// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/observation.hpp"

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::api {

/// Which events a client wants; of each of the three, one that matches is enough, and none given
/// means all.
struct EventFilter {
  std::vector<std::string> peers;         ///< as events show them
  std::vector<std::string> cid_prefixes;  ///< how the text of a CID begins
  std::array<bool, monitor::kEventKinds> kinds{};

  bool wants(monitor::EventKind kind) const { return kinds.at(static_cast<std::size_t>(kind)); }
  /// `event`: its JSON text.
  bool matches(monitor::EventKind kind, std::string_view event) const;
};

inline constexpr std::size_t kMaxFilterValues = 64;  ///< of one filter

/// Reads `peer=…&cid=…&kind=…`, each of which may come again or hold several joined by commas. The
/// error says what is wrong.
std::expected<EventFilter, std::string> parse_event_filter(std::string_view query);

}  // namespace mexport::api
