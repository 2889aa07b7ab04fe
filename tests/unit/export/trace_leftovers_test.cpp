// SPDX-License-Identifier: MIT
#include "export/trace_leftovers.hpp"

#include "export/trace_files.hpp"
#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using Lines = std::vector<std::string>;
using Names = std::set<std::string>;

constexpr auto kName = "2026-01-01_00-00-00_UTC.json.gz";
constexpr auto kUnfinished = "2026-01-01_00-00-00_UTC.json.gz.tmp";
constexpr auto kPartial = "2026-01-01_00-00-00_UTC.json.gz.partial";

class TraceLeftoversTest : public ::testing::Test {
 protected:
  TraceLeftoversTest() { EXPECT_TRUE(disk_.create_directories("/t")); }

  void write(const std::string& name, std::string content) {
    disk_.write_all("/t/" + name, std::move(content));
  }
  base::Status complete() { return complete_leftover(disk_, "/t", kUnfinished, cancel_); }
  /// As at the next start.
  base::Status complete_all() {
    const auto leftovers = find_leftovers(disk_, "/t");
    if (!leftovers) return base::fail(leftovers.error());
    if (auto status = remove_partial(disk_, "/t", *leftovers); !status) return status;
    for (const auto& name : leftovers->unfinished) {
      if (auto status = complete_leftover(disk_, "/t", name, cancel_); !status) return status;
    }
    return {};
  }

  testing::MemoryDisk disk_;
  std::atomic<bool> cancel_{false};
};

TEST_F(TraceLeftoversTest, CompletesAnUnfinishedFile) {
  write(kUnfinished, testing::unfinished("a\nb\ncut off"));
  ASSERT_TRUE(complete());
  EXPECT_EQ(disk_.names(), Names{kName});
  const auto trace = testing::read_trace(disk_, "/t/" + std::string(kName));
  EXPECT_EQ(trace.lines, (Lines{"a", "b"}));
  EXPECT_EQ(trace.end, TraceEnd::complete);
  disk_.lose_power();
  EXPECT_EQ(disk_.names(), Names{kName});
}

TEST_F(TraceLeftoversTest, RemovesWhatHoldsNoLine) {
  write(kUnfinished, "");
  ASSERT_TRUE(complete());
  EXPECT_TRUE(disk_.names().empty());
}

TEST_F(TraceLeftoversTest, SavesWhatItCanOfAFileCutAnywhere) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "line number " + std::to_string(i * 7919) + "\n";
  const auto whole = testing::compressed(text);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    write(kUnfinished, whole.substr(0, size));
    const auto before = testing::read_trace(disk_, "/t/" + std::string(kUnfinished)).lines;
    ASSERT_TRUE(complete()) << size;
    EXPECT_EQ(disk_.names(), before.empty() ? Names{} : Names{kName}) << size;
    if (before.empty()) continue;
    const auto after = testing::read_trace(disk_, "/t/" + std::string(kName));
    EXPECT_EQ(after.lines, before) << size;
    EXPECT_EQ(after.end, TraceEnd::complete) << size;
    ASSERT_TRUE(disk_.remove("/t/" + std::string(kName)));
  }
}

// Fails or loses power at each operation in turn: the next start must bring every line back.
TEST_F(TraceLeftoversTest, LosesNoLineWhereverItIsInterrupted) {
  for (const bool power_loss : {false, true}) {
    bool failed = true;
    for (int operation = 0; failed; ++operation) {
      for (const auto& name : disk_.names()) ASSERT_TRUE(disk_.remove("/t/" + name));
      write(kUnfinished, testing::unfinished("a\nb\n"));
      int at = 0;
      disk_.set_fault([&](std::string_view, const std::string&) {
        return at++ >= operation ? std::make_error_code(std::errc::io_error) : std::error_code();
      });
      failed = !complete_all();
      disk_.set_fault(nullptr);
      if (power_loss) disk_.lose_power();
      ASSERT_TRUE(complete_all()) << operation;
      EXPECT_EQ(disk_.names(), Names{kName}) << operation;
      EXPECT_EQ(testing::read_trace(disk_, "/t/" + std::string(kName)).lines, (Lines{"a", "b"}))
          << operation;
    }
  }
}

TEST_F(TraceLeftoversTest, LeavesFilesThatAreBeingWritten) {
  const auto file = disk_.create("/t/" + std::string(kUnfinished));
  ASSERT_TRUE(file);
  write("notes.tmp", "");
  write(kPartial, "");
  const auto leftovers = find_leftovers(disk_, "/t");
  ASSERT_TRUE(leftovers);
  EXPECT_TRUE(leftovers->unfinished.empty());
  EXPECT_EQ(leftovers->partial, Lines{kPartial});
}

TEST_F(TraceLeftoversTest, CanBeCancelled) {
  write(kUnfinished, testing::unfinished("a\n"));
  cancel_ = true;
  EXPECT_EQ(complete().error(), std::errc::operation_canceled);
  EXPECT_EQ(disk_.names(), Names{kUnfinished});
}

}  // namespace
}  // namespace mexport::exporter
