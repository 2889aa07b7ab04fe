// SPDX-License-Identifier: MIT
#include "export/trace_reader.hpp"

#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using testing::compressed;
using testing::read_trace;
using testing::unfinished;
using Lines = std::vector<std::string>;

class TraceReaderTest : public ::testing::Test {
 protected:
  testing::ReadTrace read(std::string content) {
    disk_.write_all("/t/f", std::move(content));
    return read_trace(disk_, "/t/f");
  }
  testing::MemoryDisk disk_;
};

TEST_F(TraceReaderTest, ReadsWholeFiles) {
  const auto trace = read(compressed("one\n\ntwo\n"));
  EXPECT_EQ(trace.lines, (Lines{"one", "", "two"}));
  EXPECT_EQ(trace.end, TraceEnd::complete);
}

TEST_F(TraceReaderTest, ReadsPlainText) {
  EXPECT_EQ(read("one\ntwo\n").lines, (Lines{"one", "two"}));
  EXPECT_EQ(read("one\ntwo\n").end, TraceEnd::complete);
  EXPECT_EQ(read("one\ntwo").lines, (Lines{"one"}));
  EXPECT_EQ(read("one\ntwo").end, TraceEnd::unfinished);
}

TEST_F(TraceReaderTest, ReadsUnfinishedFiles) {
  const auto trace = read(unfinished("one\ntwo\n"));
  EXPECT_EQ(trace.lines, (Lines{"one", "two"}));
  EXPECT_EQ(trace.end, TraceEnd::unfinished);
}

TEST_F(TraceReaderTest, ReadsSeveralMembers) {
  EXPECT_EQ(read(compressed("one\n") + compressed("two\n")).lines, (Lines{"one", "two"}));
}

TEST_F(TraceReaderTest, AnEmptyFileIsUnfinished) {
  EXPECT_EQ(read("").end, TraceEnd::unfinished);
  EXPECT_EQ(read("\x1f").end, TraceEnd::unfinished);
}

TEST_F(TraceReaderTest, GivesWhatStandsBeforeTheDamage) {
  const auto trace = read(unfinished("one\ntwo\n") + std::string(100, '\xff'));
  EXPECT_EQ(trace.lines, (Lines{"one", "two"}));
  EXPECT_EQ(trace.end, TraceEnd::broken);
}

// A crash may leave any part of a file.
TEST_F(TraceReaderTest, GivesOnlyTrueLinesWhereverTheFileEnds) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "line number " + std::to_string(i * 7919) + "\n";
  const auto whole = compressed(text);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto trace = read(whole.substr(0, size));
    std::string got;
    for (const auto& line : trace.lines) got += line + "\n";
    EXPECT_EQ(got, text.substr(0, got.size())) << size;
    EXPECT_EQ(trace.end, TraceEnd::unfinished) << size;
  }
}

TEST_F(TraceReaderTest, GoesOnWhenTheFileGrows) {
  ASSERT_TRUE(disk_.create_directories("/t"));
  auto file = disk_.create("/t/f");
  ASSERT_TRUE(file);
  auto reader = TraceReader::open(disk_, "/t/f");
  ASSERT_TRUE(reader);
  const auto next = [&]() -> std::string {
    const auto line = reader->next();
    return line && *line ? std::string(**line) : "none";
  };
  EXPECT_EQ(next(), "none");
  Lines lines;
  const auto whole = compressed("one\ntwo\n");
  for (const char c : whole) {
    EXPECT_EQ(reader->end(), TraceEnd::unfinished);
    ASSERT_TRUE((*file)->append(base::as_bytes({&c, 1})));
    const auto line = next();
    if (line != "none") lines.push_back(line);
  }
  EXPECT_EQ(lines, (Lines{"one", "two"}));
  EXPECT_EQ(next(), "none");
  EXPECT_EQ(reader->end(), TraceEnd::complete);
}

TEST_F(TraceReaderTest, ReportsAReadError) {
  disk_.write_all("/t/f", "one\n");
  disk_.set_fault([](std::string_view operation, const std::string&) {
    return operation == "read" ? std::make_error_code(std::errc::io_error) : std::error_code();
  });
  auto reader = TraceReader::open(disk_, "/t/f");
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->next().error(), std::errc::io_error);
}

TEST_F(TraceReaderTest, FindsAFileThatWasCompletedMeanwhile) {
  disk_.write_all("/t/2026-11-22_20-00-00_UTC.json.gz", compressed("one\n"));
  EXPECT_EQ(read_trace(disk_, "/t/2026-11-22_20-00-00_UTC.json.gz.tmp").lines, (Lines{"one"}));
  EXPECT_FALSE(TraceReader::open(disk_, "/t/other.json.gz.tmp"));
}

TEST(TraceReaderListed, FindsAFileUnderItsFinalName) {
  testing::MemoryDisk disk;
  disk.write_all("/t/a.json.gz", testing::compressed("a\n"));
  const auto found = TraceReader::open_listed(disk, "/t/a.json.gz.tmp");
  ASSERT_TRUE(found);
  EXPECT_TRUE(*found);
  const auto gone = TraceReader::open_listed(disk, "/t/b.json.gz.tmp");
  ASSERT_TRUE(gone);
  EXPECT_FALSE(*gone);
  disk.set_fault([](std::string_view, const std::string&) {
    return std::make_error_code(std::errc::permission_denied);
  });
  EXPECT_FALSE(TraceReader::open_listed(disk, "/t/a.json.gz"));
}

}  // namespace
}  // namespace mexport::exporter
