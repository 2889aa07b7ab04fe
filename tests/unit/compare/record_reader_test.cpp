// SPDX-License-Identifier: MIT
#include "compare/record_reader.hpp"

#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include "compare/record_files.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::compare {
namespace {

using exporter::testing::compressed;
using ::testing::ElementsAre;

std::string line(std::string_view peer, std::string_view entry = "") {
  return R"({"timestamp":"2026-11-22T20:00:00Z","peer":")" + std::string(peer) +
         R"(","bitswap_message":{"wantlist_entries":[)" + std::string(entry) + "]}}";
}

class CompareRecordReader : public ::testing::Test {
 protected:
  std::vector<std::string> peers(std::vector<std::string> files) {
    RecordReader reader(disk_, std::move(files),
                        [this](const std::string& where, std::string_view what) {
                          problems_.push_back(where + ": " + std::string(what));
                        });
    std::vector<std::string> found;
    for (;;) {
      const auto event = reader.next();
      if (!event || *event == nullptr) break;
      found.emplace_back((*event)->peer);
    }
    forms_ = reader.forms();
    EXPECT_EQ(reader.problems(), problems_.size());
    return found;
  }

  exporter::testing::MemoryDisk disk_;
  std::vector<std::string> problems_;
  RecordForms forms_;
};

TEST_F(CompareRecordReader, LinesOfEvents) {
  disk_.write_all("/a.json.gz",
                  compressed(line("p", R"({"Cid":{"/":"b"}})") + "\n" + line("q") + "\n"));
  EXPECT_THAT(peers({"/a.json.gz"}), ElementsAre("p", "q"));
  EXPECT_TRUE(forms_.trace);
  EXPECT_FALSE(forms_.client_log);
  EXPECT_FALSE(forms_.bodies);
  EXPECT_THAT(problems_, ElementsAre());
}

TEST_F(CompareRecordReader, LinesOfTheReferencesClient) {
  disk_.write_all("/a", line("p", R"({"cid":{"/":"b"}})") + "\n");
  EXPECT_THAT(peers({"/a"}), ElementsAre("p"));
  EXPECT_TRUE(forms_.client_log);
}

TEST_F(CompareRecordReader, BodiesAlsoOneBehindTheOther) {
  const auto body = [](std::string_view first, std::string_view second) {
    return compressed("[" + line(first) + "," + line(second) + "]\n");
  };
  disk_.write_all("/a", body("p", "q") + body("r", "s") + compressed("[]\n"));
  disk_.write_all("/b", body("t", "u"));
  EXPECT_THAT(peers({"/a", "/b"}), ElementsAre("p", "q", "r", "s", "t", "u"));
  EXPECT_TRUE(forms_.bodies);
}

TEST_F(CompareRecordReader, NoNewlineIsNeededBehindWhatIsWhole) {
  const auto body = [](std::string_view peer) { return "[" + line(peer) + "]"; };
  disk_.write_all("/members", compressed(body("p")) + compressed(body("q")));
  disk_.write_all("/plain", line("r") + "\n" + line("s"));
  disk_.write_all("/mixed", body("t") + " " + line("u") + "\n");
  EXPECT_THAT(peers({"/members", "/plain"}), ElementsAre("p", "q", "r", "s"));
  EXPECT_THAT(problems_, ElementsAre());
  EXPECT_THAT(peers({"/mixed"}), ElementsAre("t", "u"));
  EXPECT_THAT(problems_, ElementsAre());
  disk_.write_all("/cut", exporter::testing::unfinished(body("v")));
  EXPECT_THAT(peers({"/cut"}), ElementsAre("v"));
  EXPECT_THAT(problems_, ElementsAre("/cut: ends before its end: it has been cut off"));
}

TEST_F(CompareRecordReader, ATraceShowsInExtAlone) {
  auto event = line("p");
  event.insert(event.size() - 1, R"(,"ext":{"seq":1})");
  disk_.write_all("/a", event + "\n");
  EXPECT_THAT(peers({"/a"}), ElementsAre("p"));
  EXPECT_TRUE(forms_.trace);
}

TEST_F(CompareRecordReader, NamesWhatIsBrokenAndGoesOn) {
  disk_.write_all(
      "/a", line("p") + "\nnonsense\n[" + line("q") + ",7," + line("r") + "\n" + line("s") + "\n");
  EXPECT_THAT(peers({"/a"}), ElementsAre("p", "q", "r", "s"));
  EXPECT_THAT(problems_, ElementsAre("/a:2: no event", "/a:3: no event",
                                     "/a:3: a JSON array that does not end as it should"));
}

TEST_F(CompareRecordReader, NamesFilesThatEndEarly) {
  const auto whole = compressed(line("p") + "\n");
  disk_.write_all("/cut", exporter::testing::unfinished(line("p") + "\n"));
  disk_.write_all("/x.json.gz.tmp", exporter::testing::unfinished(line("q") + "\n"));
  disk_.write_all("/broken", whole + "nonsense" + whole);
  disk_.write_all("/line", line("r") + "\n" + line("lost").substr(0, 60));
  EXPECT_THAT(peers({"/cut", "/x.json.gz.tmp", "/broken", "/line"}),
              ElementsAre("p", "q", "p", "r"));
  EXPECT_THAT(problems_, ElementsAre("/cut: ends before its end: it has been cut off",
                                     "/broken: damaged: the rest cannot be read",
                                     "/line: ends before its end: it has been cut off"));
}

TEST_F(CompareRecordReader, FilesOfADirectory) {
  ASSERT_TRUE(disk_.create_directories("/bodies"));
  const auto body = [](std::string_view second) {
    auto event = line("p");
    event.replace(event.find("00Z"), 2, second);
    return compressed("[" + event + "]\n");
  };
  disk_.write_all("/bodies/0", "");
  disk_.write_all("/bodies/1.gz", body("09"));
  disk_.write_all("/bodies/2", body("07"));
  EXPECT_THAT(*record_files(disk_, "/bodies"),
              ElementsAre("/bodies/2", "/bodies/1.gz", "/bodies/0"));
  disk_.write_all("/bodies/2026-01-02_03-04-05_UTC.json.gz", "");
  EXPECT_THAT(*record_files(disk_, "/bodies"),
              ElementsAre("/bodies/2026-01-02_03-04-05_UTC.json.gz"));
  EXPECT_THAT(*record_files(disk_, "/bodies/2"), ElementsAre("/bodies/2"));
}

}  // namespace
}  // namespace mexport::compare
