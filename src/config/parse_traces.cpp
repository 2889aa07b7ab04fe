// SPDX-License-Identifier: MIT
#include "config/parse_traces.hpp"

#include "config/quantity.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

constexpr std::int64_t kMaxRotateInterval = 366L * 24 * 3600;  // s
constexpr std::int64_t kMinRotateBytes = 1 << 20;
constexpr std::int64_t kMaxRotateBytes = std::int64_t{1} << 40;

constexpr std::string_view kOff = "off";
constexpr std::chrono::seconds kMinAge = std::chrono::hours(1);
constexpr std::chrono::seconds kMaxAge = std::chrono::days(36500);
constexpr std::string_view kAgeRule =
    R"(a duration like "90d" (units s, m, h, d, w; 1h to 36500d), or "off")";
constexpr std::uint64_t kMinBytes = 1 << 20;
constexpr std::string_view kSizeRule =
    R"(a size like "500GiB" (at least 1MiB), a share of the file system like "80%", or "off")";

void read_max_age(Section& section, Traces& traces, Report& report) {
  const auto text = section.text("MaxAge", kAgeRule);
  if (!text) return;
  traces.max_age = parse_duration(*text);
  const bool within = traces.max_age && *traces.max_age >= kMinAge && *traces.max_age <= kMaxAge;
  if (within || *text == kOff) return;
  report.error(section.path_of("MaxAge"), quote(*text), std::string(kAgeRule));
}

void read_max_bytes(Section& section, Traces& traces, Report& report) {
  const auto text = section.text("MaxBytes", kSizeRule);
  if (!text) return;
  traces.max_percent = parse_percent(*text);
  traces.max_bytes = parse_size(*text);
  const bool within = traces.max_percent || (traces.max_bytes && *traces.max_bytes >= kMinBytes);
  if (within || *text == kOff) return;
  report.error(section.path_of("MaxBytes"), quote(*text), std::string(kSizeRule));
}

}  // namespace

void read_traces(Section section, Traces& traces, Report& report) {
  if (const auto enabled = section.boolean("Enabled")) traces.enabled = *enabled;
  if (auto directory = section.text("Directory")) traces.directory = std::move(*directory);
  if (const auto seconds = section.integer("RotateInterval", 1, kMaxRotateInterval)) {
    traces.rotate_interval = std::chrono::seconds(*seconds);
  }
  if (const auto bytes = section.integer("RotateBytes", kMinRotateBytes, kMaxRotateBytes)) {
    traces.rotate_bytes = static_cast<std::uint64_t>(*bytes);
  }
  read_max_age(section, traces, report);
  read_max_bytes(section, traces, report);
  section.refuse_unknown();
}

}  // namespace mexport::config
