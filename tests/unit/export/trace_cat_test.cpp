// SPDX-License-Identifier: MIT
#include "export/trace_cat.hpp"

#include "export/trace_writer.hpp"
#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using Lines = std::vector<std::string>;
using testing::compressed;

class TraceCatTest : public ::testing::Test {
 protected:
  TraceCatTest() { EXPECT_TRUE(disk_.create_directories("/t/m")); }

  Lines cat(const std::vector<std::string>& paths, const TraceFilter& filter = {}) {
    Lines lines;
    const auto status = cat_traces(
        disk_, paths, filter,
        [&](std::string_view line) {
          lines.emplace_back(line);
          return lines.size() < limit_;
        },
        [&](const std::string& path, std::string_view) { warnings_.push_back(path); });
    EXPECT_TRUE(status);
    return lines;
  }

  testing::MemoryDisk disk_;
  std::size_t limit_ = 1000;
  Lines warnings_;
};

TEST_F(TraceCatTest, GivesFilesInTheOrderOfTime) {
  disk_.write_all("/t/2026-01-01_00-00-01_UTC.json.gz", compressed("b\n"));
  disk_.write_all("/t/2026-01-01_00-00-00_UTC.json.gz", compressed("a\n"));
  disk_.write_all("/t/2026-01-01_00-00-02_UTC.json.gz.tmp", testing::unfinished("c\n"));
  disk_.write_all("/t/m/2026-01-01_00-00-00_UTC.json.gz", compressed("d\n"));
  EXPECT_EQ(cat({"/t"}), (Lines{"a", "b", "c", "d"}));
  EXPECT_TRUE(warnings_.empty());
  limit_ = 2;
  EXPECT_EQ(cat({"/t"}), (Lines{"a", "b"}));
}

TEST_F(TraceCatTest, WarnsOfDamage) {
  disk_.write_all("/t/a.json.gz", testing::unfinished("a\n"));
  disk_.write_all("/t/b.json.gz", testing::unfinished("b\n") + std::string(50, '\xff'));
  EXPECT_EQ(cat({"/t/a.json.gz", "/t/b.json.gz"}), (Lines{"a", "b"}));
  EXPECT_EQ(warnings_, (Lines{"/t/a.json.gz", "/t/b.json.gz"}));
}

TEST_F(TraceCatTest, FiltersByKindAndPeer) {
  const std::string a = R"({"timestamp":"t","peer":"a","gap":{}})";
  const std::string b = R"({"timestamp":"t","peer":"b","gap":{}})";
  const std::string c = R"({"timestamp":"t","peer":"a","heartbeat":{}})";
  disk_.write_all("/t/f.json.gz", compressed(a + "\n" + b + "\n" + c + "\nnoise\n"));
  EXPECT_EQ(cat({"/t/f.json.gz"}, {.kinds = {"gap"}, .peers = {}}), (Lines{a, b}));
  EXPECT_EQ(cat({"/t/f.json.gz"}, {.kinds = {}, .peers = {"a"}}), (Lines{a, c}));
  EXPECT_EQ(cat({"/t/f.json.gz"}, {.kinds = {"gap", "heartbeat"}, .peers = {"b"}}), (Lines{b}));
}

// Retention may remove a file between the listing of its directory and its opening.
TEST_F(TraceCatTest, GoesOnWhenAFileVanishes) {
  disk_.write_all("/t/2026-01-01_00-00-00_UTC.json.gz", compressed("a\n"));
  disk_.write_all("/t/2026-01-01_00-00-01_UTC.json.gz", compressed("b\n"));
  disk_.set_fault([](std::string_view operation, const std::string& path) {
    return operation == "open" && path.ends_with("00_UTC.json.gz")
               ? std::make_error_code(std::errc::no_such_file_or_directory)
               : std::error_code();
  });
  EXPECT_EQ(cat({"/t"}), (Lines{"b"}));
  EXPECT_EQ(warnings_, (Lines{"/t/2026-01-01_00-00-00_UTC.json.gz"}));
}

/// Lets the test act whenever the follower finds nothing new.
class TraceFollowTest : public TraceCatTest {
 protected:
  Lines follow(const std::string& path, std::vector<std::function<void()>> steps) {
    Lines lines;
    std::size_t step = 0;
    const std::vector<std::string> paths{path};
    const auto status = follow_traces(
        disk_, paths, {},
        [&](std::string_view line) {
          lines.emplace_back(line);
          return lines.size() < limit_;
        },
        [&] {
          if (step == steps.size()) return false;
          steps[step++]();
          return true;
        });
    EXPECT_TRUE(status) << status.error().message();
    return lines;
  }

  std::unique_ptr<TraceWriter> begin_file(int second) {
    auto writer = TraceWriter::create(disk_, "/t", base::WallTime(std::chrono::seconds(second)));
    EXPECT_TRUE(writer);
    return std::move(*writer);
  }
  static void write(TraceWriter& writer, std::string_view lines) {
    EXPECT_TRUE(writer.append(lines));
    EXPECT_TRUE(writer.flush());
  }
};

TEST_F(TraceFollowTest, FollowsOverRotation) {
  auto first = begin_file(1);
  write(*first, "a\n");
  std::unique_ptr<TraceWriter> second;
  EXPECT_EQ(follow("/t", {
                             [&] { write(*first, "b\n"); },
                             [] {},
                             [&] {
                               write(*first, "c\n");
                               EXPECT_TRUE(first->finish());
                             },
                             [&] {
                               second = begin_file(2);
                               write(*second, "d\n");
                             },
                             [&] { write(*second, "e\n"); },
                         }),
            (Lines{"a", "b", "c", "d", "e"}));
}

TEST_F(TraceFollowTest, LeavesAFileWhoseWriterWasKilled) {
  disk_.write_all("/t/2026-01-01_00-00-00_UTC.json.gz.tmp", testing::unfinished("a\n"));
  EXPECT_EQ(follow("/t", {[&] {
                     disk_.write_all("/t/2026-01-01_00-00-01_UTC.json.gz", compressed("b\n"));
                   }}),
            (Lines{"a", "b"}));
}

TEST_F(TraceFollowTest, BeginsAtTheFileNamed) {
  disk_.write_all("/t/2026-01-01_00-00-00_UTC.json.gz", compressed("a\n"));
  disk_.write_all("/t/2026-01-01_00-00-01_UTC.json.gz", compressed("b\n"));
  disk_.write_all("/t/2026-01-01_00-00-02_UTC.json.gz", compressed("c\n"));
  EXPECT_EQ(follow("/t/2026-01-01_00-00-01_UTC.json.gz", {}), (Lines{"b", "c"}));
}

TEST_F(TraceFollowTest, FollowsTheFoldersWithin) {
  disk_.write_all("/t/m/2026-01-01_00-00-00_UTC.json.gz", compressed("a\n"));
  EXPECT_EQ(follow("/t", {}), (Lines{"a"}));
}

TEST_F(TraceFollowTest, EndsWhenEnoughWasGiven) {
  disk_.write_all("/t/2026-01-01_00-00-00_UTC.json.gz", compressed("a\nb\nc\n"));
  limit_ = 2;
  EXPECT_EQ(follow("/t", {}), (Lines{"a", "b"}));
}

TEST_F(TraceFollowTest, AFileWithAnotherNameCannotBeFollowed) {
  disk_.write_all("/t/f.txt", "a\n");
  const std::vector<std::string> paths{"/t/f.txt"};
  const auto status =
      follow_traces(disk_, paths, {}, [](std::string_view) { return true; }, [] { return false; });
  EXPECT_EQ(status.error(), std::errc::invalid_argument);
}

TEST_F(TraceFollowTest, GoesOnWhenTheFileItReadsAndTheNextVanish) {
  auto writer = begin_file(0);
  write(*writer, "a\n");
  const auto remove = [&](int second) {
    EXPECT_TRUE(
        disk_.remove("/t/1970-01-01_00-00-0" + std::to_string(second) + "_UTC.json.gz.tmp"));
  };
  std::unique_ptr<TraceWriter> second;
  std::unique_ptr<TraceWriter> third;
  EXPECT_EQ(follow("/t", {[&] { remove(0); },
                          [&] {
                            second = begin_file(1);
                            write(*second, "b\n");
                            remove(1);
                            third = begin_file(2);
                            write(*third, "c\n");
                          },
                          [] {}}),
            (Lines{"a", "c"}));
}

TEST_F(TraceFollowTest, LooksAgainWhenAFileVanishesBeforeItIsOpened) {
  disk_.write_all("/t/1970-01-01_00-00-00_UTC.json.gz", compressed("a\n"));
  disk_.set_fault([](std::string_view operation, const std::string&) {
    return operation == "open" ? std::make_error_code(std::errc::no_such_file_or_directory)
                               : std::error_code();
  });
  EXPECT_EQ(follow("/t", {[] {}, [&] { disk_.set_fault({}); }, [] {}}), (Lines{"a"}));
}

}  // namespace
}  // namespace mexport::exporter
