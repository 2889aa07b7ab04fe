// SPDX-License-Identifier: MIT
#include "config/parse_probe.hpp"

#include "config/quantity.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mexport::config {
namespace {

constexpr std::string_view kWaitRule = R"(a duration like "24h" (units s, m, h, d, w; 1s to 30d))";
constexpr std::chrono::seconds kLongestWait = std::chrono::days(30);
constexpr std::int64_t kMaxRequests = 1'000;
constexpr std::int64_t kMaxCids = 8'192;
constexpr std::int64_t kMaxPeers = 1'000'000;

}  // namespace

void read_probe(Section section, Probe& probe, Report& report) {
  if (const auto requests = section.integer("MaxRequests", 1, kMaxRequests)) {
    probe.max_requests = static_cast<std::size_t>(*requests);
  }
  if (const auto cids = section.integer("MaxCids", 1, kMaxCids)) {
    probe.max_cids = static_cast<std::size_t>(*cids);
  }
  if (const auto peers = section.integer("PeersPerSecond", 1, kMaxPeers)) {
    probe.peers_per_second = static_cast<std::uint32_t>(*peers);
  }
  if (const auto peers = section.integer("PeersAtOnce", 1, kMaxPeers)) {
    probe.peers_at_once = static_cast<std::size_t>(*peers);
  }
  if (const auto text = section.text("MaxWaitBeforeCancel", kWaitRule)) {
    const auto wait = parse_duration(*text);
    if (wait && *wait >= std::chrono::seconds(1) && *wait <= kLongestWait) {
      probe.max_wait_before_cancel = *wait;
    } else {
      report.error(section.path_of("MaxWaitBeforeCancel"), quote(*text), std::string(kWaitRule));
    }
  }
  section.refuse_unknown();
}

}  // namespace mexport::config
