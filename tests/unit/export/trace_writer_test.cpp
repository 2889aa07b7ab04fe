// SPDX-License-Identifier: MIT
#include "export/trace_writer.hpp"

#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using Lines = std::vector<std::string>;
using Names = std::set<std::string>;

constexpr base::WallTime kNow{std::chrono::seconds(1'795'379'313)};

class TraceWriterTest : public ::testing::Test {
 protected:
  TraceWriterTest() { EXPECT_TRUE(disk_.create_directories("/t")); }

  std::unique_ptr<TraceWriter> create() {
    auto writer = TraceWriter::create(disk_, "/t", kNow);
    EXPECT_TRUE(writer);
    return std::move(*writer);
  }
  /// `operation` fails from now on.
  void fail(std::string_view failing) {
    disk_.set_fault([failing](std::string_view operation, const std::string&) {
      return operation == failing ? std::make_error_code(std::errc::no_space_on_device)
                                  : std::error_code();
    });
  }

  testing::MemoryDisk disk_;
};

TEST_F(TraceWriterTest, WritesAFile) {
  auto writer = create();
  EXPECT_EQ(writer->temporary_name(), "2026-11-22_20-28-33_UTC.json.gz.tmp");
  ASSERT_TRUE(writer->append("a\n"));
  ASSERT_TRUE(writer->flush());
  EXPECT_EQ(disk_.names(), Names{"2026-11-22_20-28-33_UTC.json.gz.tmp"});
  EXPECT_EQ(writer->size(), disk_.read_all("/t/2026-11-22_20-28-33_UTC.json.gz.tmp").size());
  ASSERT_TRUE(writer->finish());
  disk_.lose_power();
  EXPECT_EQ(disk_.names(), Names{"2026-11-22_20-28-33_UTC.json.gz"});
  const auto trace = testing::read_trace(disk_, "/t/2026-11-22_20-28-33_UTC.json.gz");
  EXPECT_EQ(trace.lines, Lines{"a"});
  EXPECT_EQ(trace.end, TraceEnd::complete);
}

TEST_F(TraceWriterTest, WhatWasFlushedSurvivesALossOfPower) {
  auto writer = create();
  ASSERT_TRUE(writer->append("a\n"));
  ASSERT_TRUE(writer->flush());
  ASSERT_TRUE(writer->append("b\n"));
  disk_.lose_power();
  EXPECT_EQ(testing::read_trace(disk_, "/t/2026-11-22_20-28-33_UTC.json.gz.tmp").lines, Lines{"a"});
}

TEST_F(TraceWriterTest, TakesTheNextFreeName) {
  disk_.write_all("/t/2026-11-22_20-28-33_UTC.json.gz", "");
  disk_.write_all("/t/2026-11-22_20-28-34_UTC.json.gz.tmp", "");
  EXPECT_EQ(create()->temporary_name(), "2026-11-22_20-28-35_UTC.json.gz.tmp");
}

TEST_F(TraceWriterTest, LeavesNoFileBehindWhoseNameWouldNotLast) {
  fail("sync_directory");
  EXPECT_FALSE(TraceWriter::create(disk_, "/t", kNow));
  EXPECT_EQ(disk_.names(), Names{});
}

TEST_F(TraceWriterTest, SalvagesWhatWasFlushed) {
  auto writer = create();
  ASSERT_TRUE(writer->append("a\n"));
  ASSERT_TRUE(writer->flush());
  ASSERT_TRUE(writer->append("b\n"));
  fail("append");
  EXPECT_FALSE(writer->flush());
  disk_.set_fault(nullptr);
  ASSERT_TRUE(writer->salvage());
  const auto trace = testing::read_trace(disk_, "/t/2026-11-22_20-28-33_UTC.json.gz");
  EXPECT_EQ(trace.lines, Lines{"a"});
  EXPECT_EQ(trace.end, TraceEnd::complete);
}

TEST_F(TraceWriterTest, SalvagesAFileThatCouldNotBeCompleted) {
  for (const auto* operation : {"append", "sync", "rename"}) {
    auto writer = create();
    ASSERT_TRUE(writer->append("a\n"));
    ASSERT_TRUE(writer->flush());
    fail(operation);
    EXPECT_FALSE(writer->finish());
    disk_.set_fault(nullptr);
    ASSERT_TRUE(writer->salvage());
    const auto trace = testing::read_trace(disk_, "/t/2026-11-22_20-28-33_UTC.json.gz");
    EXPECT_EQ(trace.lines, Lines{"a"}) << operation;
    EXPECT_EQ(trace.end, TraceEnd::complete) << operation;
    ASSERT_TRUE(disk_.remove("/t/2026-11-22_20-28-33_UTC.json.gz"));
  }
}

TEST_F(TraceWriterTest, SalvagesAgainWhereverSalvageFailed) {
  for (const auto* operation : {"truncate", "append", "sync", "rename", "sync_directory"}) {
    auto writer = create();
    ASSERT_TRUE(writer->append("a\n"));
    ASSERT_TRUE(writer->flush());
    ASSERT_TRUE(writer->append("b\n"));
    fail(operation);
    EXPECT_FALSE(writer->salvage());
    EXPECT_FALSE(writer->salvage());
    disk_.set_fault(nullptr);
    EXPECT_TRUE(writer->salvage()) << operation;
    const auto trace = testing::read_trace(disk_, "/t/2026-11-22_20-28-33_UTC.json.gz");
    EXPECT_EQ(trace.lines, Lines{"a"}) << operation;
    EXPECT_EQ(trace.end, TraceEnd::complete) << operation;
    ASSERT_TRUE(disk_.remove("/t/2026-11-22_20-28-33_UTC.json.gz"));
  }
}

TEST_F(TraceWriterTest, RemovesWhatNeverHeldAnything) {
  auto writer = create();
  fail("append");
  EXPECT_FALSE(writer->flush());
  EXPECT_TRUE(writer->salvage());
  EXPECT_TRUE(disk_.names().empty());
}

}  // namespace
}  // namespace mexport::exporter
