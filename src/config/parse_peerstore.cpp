// SPDX-License-Identifier: MIT
#include "config/parse_peerstore.hpp"

#include "config/quantity.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

constexpr std::string_view kAgeRule =
    R"(a duration like "30d" (units s, m, h, d, w; 1h to 36500d))";
constexpr std::chrono::seconds kMinAge = std::chrono::hours(1);
constexpr std::chrono::seconds kMaxAge = std::chrono::days(36500);
constexpr std::string_view kSizeRule = R"(a size like "256MiB", at least 1MiB)";

void read_max_age(Section& section, Peerstore& peerstore, Report& report) {
  const auto text = section.text("MaxAge", kAgeRule);
  if (!text) return;
  const auto age = parse_duration(*text);
  if (age && *age >= kMinAge && *age <= kMaxAge) {
    peerstore.max_age = *age;
  } else {
    report.error(section.path_of("MaxAge"), quote(*text), std::string(kAgeRule));
  }
}

void read_max_bytes(Section& section, Peerstore& peerstore, Report& report) {
  const auto text = section.text("MaxBytes", kSizeRule);
  if (!text) return;
  const auto bytes = parse_size(*text);
  if (bytes && *bytes >= kMinPeerstoreBytes) {
    peerstore.max_bytes = *bytes;
  } else {
    report.error(section.path_of("MaxBytes"), quote(*text), std::string(kSizeRule));
  }
}

}  // namespace

void read_peerstore(Section section, Peerstore& peerstore, Report& report) {
  if (const auto enabled = section.boolean("Enabled")) peerstore.enabled = *enabled;
  if (auto file = section.text("File")) peerstore.file = std::move(*file);
  if (const auto peers = section.integer("MaxPeers", 1, kMaxStoredPeers)) {
    peerstore.max_peers = static_cast<std::uint64_t>(*peers);
  }
  read_max_bytes(section, peerstore, report);
  read_max_age(section, peerstore, report);
  section.refuse_unknown();
}

}  // namespace mexport::config
