// SPDX-License-Identifier: MIT
#include "config/parse_block_store.hpp"

#include "config/overrides.hpp"
#include "config/parse_config.hpp"
#include "config/render_config.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mexport::config {
namespace {

using test::monitor_document;
using test::parse_good;
using testing::HasSubstr;

std::string errors_of(std::string_view section) {
  const auto parsed = parse_config(monitor_document(section));
  std::string text;
  for (const auto& error : parsed.report.errors) text += to_string(error) + "\n";
  return text;
}

TEST(ParseBlockStore, IsInTheDataDirectory) {
  auto config = parse_good("{}");
  Report report;
  complete(config, "host", "/var/lib/m", report);
  const auto& store = config.monitor.block_store;
  EXPECT_EQ(store.directory, "/var/lib/m/blockstore");
  EXPECT_EQ(store.max_blocks, 4'096U);
  EXPECT_EQ(store.max_bytes, 64U << 20);
  EXPECT_EQ(store.bytes_per_second, 1U << 20);
}

TEST(ParseBlockStore, ReadsAndShowsAll) {
  auto config = parse_good(monitor_document(R"("BlockStore": {"Directory": "/x/blocks",
      "MaxBlocks": 5, "MaxBytes": "1GiB", "BytesPerSecond": "10kB"})"));
  const auto& store = config.monitor.block_store;
  EXPECT_EQ(store.directory, "/x/blocks");
  EXPECT_EQ(store.max_blocks, 5U);
  EXPECT_EQ(store.max_bytes, 1ULL << 30);
  EXPECT_EQ(store.bytes_per_second, 10'000U);
  const auto text = render_config(config);
  EXPECT_THAT(text, HasSubstr(R"("BytesPerSecond": "10kB")"));
  EXPECT_EQ(render_config(parse_good(text)), text);
}

TEST(ParseBlockStore, RefusesWhatIsOutOfRange) {
  EXPECT_THAT(errors_of(R"("BlockStore": {"MaxBlocks": 0})"), HasSubstr("BlockStore.MaxBlocks"));
  EXPECT_THAT(errors_of(R"("BlockStore": {"MaxBytes": "1kB"})"), HasSubstr("at least 1MiB"));
  EXPECT_THAT(errors_of(R"("BlockStore": {"BytesPerSecond": "1B"})"), HasSubstr("1KiB to 2GiB"));
  EXPECT_THAT(errors_of(R"("BlockStore": {"BytesPerSecond": "3GiB"})"),
              HasSubstr("BlockStore.BytesPerSecond"));
  EXPECT_THAT(errors_of(R"("BlockStore": {"Size": 1})"), HasSubstr("BlockStore.Size"));
}

}  // namespace
}  // namespace mexport::config
