// SPDX-License-Identifier: MIT
#include "config/parse_block_store.hpp"

#include "config/quantity.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

constexpr std::int64_t kMaxBlocks = 1'000'000;
constexpr std::string_view kSizeRule = R"(a size like "64MiB", at least 1MiB)";
constexpr std::uint64_t kMinBytes = std::uint64_t{1} << 20;
constexpr std::string_view kRateRule = R"(a size like "1MiB", 1KiB to 2GiB)";
constexpr std::uint64_t kMinRate = 1 << 10;
constexpr std::uint64_t kMaxRate = std::uint64_t{1} << 31;

std::optional<std::uint64_t> size(Section& section, std::string_view key, std::uint64_t least,
                                  std::uint64_t most, std::string_view rule, Report& report) {
  const auto text = section.text(key, rule);
  if (!text) return std::nullopt;
  const auto bytes = parse_size(*text);
  if (bytes && *bytes >= least && *bytes <= most) return bytes;
  report.error(section.path_of(key), quote(*text), std::string(rule));
  return std::nullopt;
}

}  // namespace

void read_block_store(Section section, BlockStore& store, Report& report) {
  if (auto directory = section.text("Directory")) store.directory = std::move(*directory);
  if (const auto blocks = section.integer("MaxBlocks", 1, kMaxBlocks)) {
    store.max_blocks = static_cast<std::size_t>(*blocks);
  }
  constexpr auto kNoLimit = std::numeric_limits<std::uint64_t>::max();
  if (const auto bytes = size(section, "MaxBytes", kMinBytes, kNoLimit, kSizeRule, report)) {
    store.max_bytes = *bytes;
  }
  if (const auto rate = size(section, "BytesPerSecond", kMinRate, kMaxRate, kRateRule, report)) {
    store.bytes_per_second = static_cast<std::uint32_t>(*rate);
  }
  section.refuse_unknown();
}

}  // namespace mexport::config
