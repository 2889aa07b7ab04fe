// SPDX-License-Identifier: MIT
#include "export/trace_files.hpp"

#include "tests/unit/export/memory_disk.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using Paths = std::vector<std::string>;

TEST(TraceFiles, NamesByTheSecond) {
  EXPECT_EQ(trace_stem(base::WallTime(std::chrono::milliseconds(1'795'379'313'999))),
            "2026-11-22_20-28-33_UTC");
  EXPECT_EQ(trace_stem(base::WallTime()), "1970-01-01_00-00-00_UTC");
}

TEST(TraceFiles, KnowsItsOwnNames) {
  EXPECT_EQ(stem_of("2026-11-22_20-28-33_UTC.json.gz"), "2026-11-22_20-28-33_UTC");
  EXPECT_EQ(stem_of("2026-11-22_20-28-33_UTC.json.gz.tmp"), "2026-11-22_20-28-33_UTC");
  EXPECT_FALSE(stem_of("2026-11-22_20-28-33_UTC.json.gz.partial"));
  EXPECT_FALSE(stem_of("2026-11-22_20-28-3x_UTC.json.gz"));
  EXPECT_FALSE(stem_of("x2026-11-22_20-28-33_UTC.json.gz"));
  EXPECT_FALSE(stem_of("notes.txt"));
  EXPECT_TRUE(is_unfinished("a.json.gz.tmp"));
  EXPECT_FALSE(is_unfinished("a.json.gz"));
}

TEST(TraceFiles, KnowsTheTimeInAName) {
  const auto time = base::WallTime(std::chrono::seconds(1'795'379'313));
  EXPECT_EQ(time_of_trace(trace_stem(time) + ".json.gz"), time);
  EXPECT_EQ(time_of_trace(trace_stem(time) + ".json.gz.tmp"), time);
  EXPECT_FALSE(time_of_trace("2026-13-01_00-00-00_UTC.json.gz"));
  EXPECT_FALSE(time_of_trace("2026-02-30_00-00-00_UTC.json.gz"));
  EXPECT_FALSE(time_of_trace("notes.json.gz"));
}

TEST(TraceFiles, ListsInTheOrderOfTimeThenByFolder) {
  testing::MemoryDisk disk;
  ASSERT_TRUE(disk.create_directories("/t/a"));
  ASSERT_TRUE(disk.create_directories("/t/b"));
  for (const auto* name :
       {"/t/2026-01-02_00-00-00_UTC.json.gz.tmp", "/t/2026-01-01_00-00-00_UTC.json.gz", "/t/readme",
        "/t/b/2025-01-01_00-00-00_UTC.json.gz", "/t/a/2026-01-01_00-00-00_UTC.json.gz",
        // a leftover whose completed form is there
        "/t/2026-01-01_00-00-00_UTC.json.gz.tmp"}) {
    disk.write_all(name, "");
  }
  const Paths expected{
      "/t/2026-01-01_00-00-00_UTC.json.gz", "/t/2026-01-02_00-00-00_UTC.json.gz.tmp",
      "/t/a/2026-01-01_00-00-00_UTC.json.gz", "/t/b/2025-01-01_00-00-00_UTC.json.gz"};
  EXPECT_EQ(list_traces(disk, "/t"), expected);
  const Paths named{"/t/readme", "/t/a"};
  EXPECT_EQ(expand_traces(disk, named),
            (Paths{"/t/readme", "/t/a/2026-01-01_00-00-00_UTC.json.gz"}));
  const Paths missing{"/t/none"};
  EXPECT_FALSE(expand_traces(disk, missing));
}

}  // namespace
}  // namespace mexport::exporter
