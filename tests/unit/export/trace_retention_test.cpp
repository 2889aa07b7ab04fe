// SPDX-License-Identifier: MIT
#include "export/trace_retention.hpp"

#include "export/trace_files.hpp"
#include "tests/unit/export/memory_disk.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using Names = std::vector<std::string>;

class TraceRetentionTest : public ::testing::Test {
 protected:
  TraceRetentionTest() { EXPECT_TRUE(disk_.create_directories("/t/other")); }

  std::string add(hours age, std::string_view suffix = kTraceSuffix, std::size_t size = 10) {
    auto name = trace_stem(now_ - age) + std::string(suffix);
    disk_.write_all("/t/" + name, std::string(size, 'x'));
    return name;
  }
  /// A file each hour, from `first` to `last` hours ago.
  void record(int first, int last) {
    for (int age = first; age >= last; --age) add(hours(age));
  }
  RetentionReport enforce(RetentionLimits limits, std::string_view current = "") {
    TraceRetention retention(limits, seconds(3600), "/t", disk_);
    const auto report = retention.enforce(now_, current);
    EXPECT_TRUE(report);
    return report.value_or(RetentionReport{});
  }

  base::WallTime now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + hours(20)};
  testing::MemoryDisk disk_;
};

TEST_F(TraceRetentionTest, OldFilesGo) {
  record(200, 0);
  const auto report = enforce({.max_age = days(5)});
  EXPECT_EQ(report.too_old.size(), 81U);
  EXPECT_EQ(report.too_old.front(), trace_stem(now_ - hours(200)) + ".json.gz");
  EXPECT_EQ(report.too_old.back(), trace_stem(now_ - hours(120)) + ".json.gz");
  EXPECT_EQ(report.bytes, 810U);
  EXPECT_EQ(disk_.names().size(), 120U);
  EXPECT_TRUE(enforce({.max_age = days(5)}).too_old.empty());
}

TEST_F(TraceRetentionTest, OnlyWhatHasATracesName) {
  record(30, 0);
  const Names others{"/t/notes",
                     "/t/2020-01-01.json.gz",
                     "/t/2020-01-01_00-00-00_UTC.json.gz.bak",
                     "/t/2020-13-01_00-00-00_UTC.json.gz",
                     "/t/x2020-01-01_00-00-00_UTC.json.gz",
                     "/t/other/2020-01-01_00-00-00_UTC.json.gz"};
  for (const auto& path : others) disk_.write_all(path, "mine");
  enforce({.max_age = days(5), .max_bytes = 1});
  EXPECT_EQ(disk_.names().size(), others.size()) << "all traces are gone, and nothing else";
  for (const auto& path : others) EXPECT_EQ(disk_.read_all(path), "mine") << path;
}

TEST_F(TraceRetentionTest, NeverTheFileThatIsBeingWritten) {
  const auto current = add(hours(300), kUnfinishedSuffix);
  const auto foreign = trace_stem(now_ - hours(301)) + std::string(kUnfinishedSuffix);
  const auto writer = disk_.create("/t/" + foreign);
  ASSERT_TRUE(writer);
  record(30, 1);
  const auto left_behind = add(hours(302), kUnfinishedSuffix);
  const auto report = enforce({.max_age = days(5), .max_bytes = 1}, current);
  EXPECT_EQ(report.too_old, Names{left_behind});
  EXPECT_EQ(disk_.names(), (std::set<std::string>{current, foreign}));
}

TEST_F(TraceRetentionTest, TheOldestGoWhenThereIsTooMuch) {
  record(9, 0);
  const auto report = enforce({.max_bytes = 35});
  EXPECT_EQ(report.too_much.size(), 7U);
  EXPECT_EQ(report.too_much.front(), trace_stem(now_ - hours(9)) + ".json.gz");
  EXPECT_EQ(report.bytes, 70U);
  EXPECT_EQ(disk_.names().size(), 3U);
}

TEST_F(TraceRetentionTest, AShareOfTheFileSystemIsOfOurFilesAlone) {
  disk_.set_capacity(100, 50);
  record(4, 0);
  EXPECT_TRUE(enforce({.max_percent = 50}).too_much.empty());
  EXPECT_EQ(enforce({.max_percent = 30}).too_much.size(), 2U);
}

TEST_F(TraceRetentionTest, WithoutLimitsEverythingStays) {
  record(10, 0);
  add(hours(100'000));
  const auto report = enforce({});
  EXPECT_TRUE(report.too_old.empty() && report.too_much.empty());
  EXPECT_EQ(disk_.names().size(), 12U);
}

// The clock jumps a year ahead: nothing that was recorded by the right clock goes.
TEST_F(TraceRetentionTest, AJumpOfTheClockWipesNothing) {
  record(100, 0);
  now_ += days(365);
  const auto report = enforce({.max_age = days(90)});
  EXPECT_TRUE(report.too_old.empty());
  EXPECT_EQ(report.doubtful, 101U);
  // Recording goes on for 23 hours by the new clock.
  now_ += hours(23);
  record(23, 0);
  EXPECT_EQ(enforce({.max_age = days(90)}).doubtful, 101U);
  // It has stood for a day: it is right, then.
  now_ += hours(1);
  EXPECT_EQ(enforce({.max_age = days(90)}).too_old.size(), 101U);
}

TEST_F(TraceRetentionTest, AJumpWithinTheAgeWipesAtMostTwoDays) {
  record(91 * 24, 0);
  for (const auto jump : {hours(1), hours(24), hours(47), hours(49), hours(24 * 30)}) {
    const auto before = disk_.names().size();
    now_ += jump;
    enforce({.max_age = days(90)});
    EXPECT_LE(before - disk_.names().size(), 24U + 48U + 1U) << jump;
    now_ -= jump;
  }
}

TEST_F(TraceRetentionTest, AfterALongPauseOldFilesStayForADay) {
  record(24 * 200, 24 * 199);
  add(hours(0), kUnfinishedSuffix);
  EXPECT_EQ(enforce({.max_age = days(90)}).doubtful, 25U);
  now_ += hours(25);
  EXPECT_EQ(enforce({.max_age = days(90)}).too_old.size(), 25U);
}

TEST_F(TraceRetentionTest, FilesOfTheFutureStay) {
  record(30, 0);
  add(-hours(24 * 365));
  EXPECT_TRUE(enforce({.max_age = days(5)}).too_old.empty());
}

TEST_F(TraceRetentionTest, ShortAgesNeedLessProof) {
  record(5, 0);
  EXPECT_EQ(enforce({.max_age = hours(2)}).too_old.size(), 4U);
}

TEST_F(TraceRetentionTest, WhatCannotBeRemovedIsTold) {
  record(9, 0);
  disk_.set_fault([](std::string_view operation, const std::string& path) {
    const bool first = path.ends_with("2026-11-22_11-00-00_UTC.json.gz");
    return operation == "remove" && first ? std::make_error_code(std::errc::permission_denied)
                                          : std::error_code();
  });
  const auto report = enforce({.max_bytes = 35});
  EXPECT_EQ(report.failed, Names{"2026-11-22_11-00-00_UTC.json.gz"});
  EXPECT_EQ(disk_.names().size(), 3U) << "others go in its place";
}

TEST_F(TraceRetentionTest, FailsWhenTheDirectoryCannotBeRead) {
  TraceRetention retention({.max_bytes = 1}, seconds(3600), "/nowhere", disk_);
  EXPECT_FALSE(retention.enforce(now_, ""));
}

}  // namespace
}  // namespace mexport::exporter
