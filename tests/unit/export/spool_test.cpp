// SPDX-License-Identifier: MIT
#include "export/spool/spool.hpp"

#include "tests/unit/export/temporary_directory.hpp"

#include "storage/database.hpp"
#include "storage/error.hpp"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

constexpr const char* kMessages = "monitor.m.bitswap_messages";
constexpr const char* kConnections = "monitor.m.conn_events";
constexpr std::size_t kAny = 1000000;

SpooledBody body_of(std::uint64_t number, std::size_t size = 100, const char* key = kMessages) {
  SpooledBody body;
  body.routing_key = key;
  body.kind =
      key == kMessages ? monitor::EventKind::bitswap_message : monitor::EventKind::connection_event;
  body.run_id = "run-1";
  body.first = number * 10;
  body.last = number * 10 + 9;
  body.events = 10;
  body.uncompressed = size * 9;
  body.made = base::WallTime(std::chrono::seconds(1000 + number));
  body.note = "note " + std::to_string(number);
  body.body.resize(size);
  std::iota(body.body.begin(), body.body.end(), static_cast<std::uint8_t>(number));
  return body;
}

std::vector<std::uint64_t> numbers(const std::vector<SpooledBody>& bodies) {
  std::vector<std::uint64_t> all;
  for (const auto& body : bodies) all.push_back(body.first / 10);
  return all;
}

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() { open(); }

  void open() {
    spool_.reset();
    auto opened = Spool::open(path_, options_);
    ASSERT_TRUE(opened) << opened.error().message();
    spool_ = std::move(*opened);
  }
  /// The numbers of those that had to go.
  std::vector<std::uint64_t> append(std::vector<SpooledBody> bodies) {
    auto gone = spool_->append(bodies);
    EXPECT_TRUE(gone) << gone.error().message();
    return gone ? numbers(*gone) : std::vector<std::uint64_t>{};
  }
  std::vector<SpooledBody> all(const char* key = kMessages) {
    auto bodies = spool_->oldest(key, 0, kAny, kAny);
    EXPECT_TRUE(bodies) << bodies.error().message();
    return bodies ? std::move(*bodies) : std::vector<SpooledBody>{};
  }
  static SpoolCursor cursor_at(const SpooledBody& body) {
    return {.id = body.id, .run_id = body.run_id, .last = body.last};
  }
  /// What is on disk, the log included.
  std::uint64_t size_on_disk() const {
    std::uint64_t size = std::filesystem::file_size(path_);
    if (std::filesystem::exists(path_ + "-wal")) size += std::filesystem::file_size(path_ + "-wal");
    return size;
  }
  /// Changes bytes of the file itself, where `pattern` begins.
  void overwrite(const base::Bytes& pattern, std::string_view with) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const auto at = content.find(base::as_text(pattern));
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file << with;
  }

  testing::TemporaryDirectory directory_;
  std::string path_ = directory_.path() + "/spool/amqp";
  Spool::Options options_{.max_bytes = 1 << 20, .min_free_bytes = 0, .survive_power_loss = false};
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolTest, GivesBackWholeBodiesInOrderForEachRoutingKey) {
  append({body_of(1), body_of(2, 50, kConnections), body_of(3, 40000)});
  append({body_of(4, 1, kConnections)});
  const auto messages = all();
  EXPECT_EQ(numbers(messages), (std::vector<std::uint64_t>{1, 3}));
  EXPECT_EQ(numbers(all(kConnections)), (std::vector<std::uint64_t>{2, 4}));
  EXPECT_TRUE(all("monitor.m.other").empty());
  const auto expected = body_of(3, 40000);
  const auto& found = messages[1];
  EXPECT_EQ(found.routing_key, expected.routing_key);
  EXPECT_EQ(found.kind, expected.kind);
  EXPECT_EQ(found.run_id, expected.run_id);
  EXPECT_EQ(found.first, expected.first);
  EXPECT_EQ(found.last, expected.last);
  EXPECT_EQ(found.events, expected.events);
  EXPECT_EQ(found.uncompressed, expected.uncompressed);
  EXPECT_EQ(found.made, expected.made);
  EXPECT_EQ(found.note, expected.note);
  EXPECT_EQ(found.body, expected.body);
}

TEST_F(SpoolTest, SetsTheIdsOfWhatItTook) {
  std::vector<SpooledBody> bodies{body_of(1), body_of(2)};
  ASSERT_TRUE(spool_->append(bodies));
  EXPECT_GT(bodies[0].id, 0);
  EXPECT_GT(bodies[1].id, bodies[0].id);
  EXPECT_EQ(all()[1].id, bodies[1].id);
}

TEST_F(SpoolTest, ReadsInPieces) {
  append({body_of(1, 1000), body_of(2, 1000), body_of(3, 1000), body_of(4, 1000)});
  const auto two = spool_->oldest(kMessages, 0, 2, kAny).value();
  EXPECT_EQ(numbers(two), (std::vector<std::uint64_t>{1, 2}));
  const auto by_size = spool_->oldest(kMessages, two[0].id, kAny, 1500).value();
  EXPECT_EQ(numbers(by_size), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_TRUE(spool_->oldest(kMessages, 0, 0, kAny).value().empty());
}

TEST_F(SpoolTest, ForgetsWhatIsThroughOfOneKeyOnly) {
  append({body_of(1), body_of(2, 100, kConnections), body_of(3), body_of(4)});
  const auto messages = all();
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(messages[1])));
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(numbers(all(kConnections)), (std::vector<std::uint64_t>{2}));
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(messages[0]))) << "backwards: nothing";
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{4}));
}

TEST_F(SpoolTest, KeepsEverythingAcrossAStop) {
  append({body_of(1), body_of(2), body_of(3)});
  const auto at = cursor_at(all()[0]);
  ASSERT_TRUE(spool_->pass(kMessages, at));
  const auto before = spool_->statistics();
  const auto highest = all().back().id;
  open();
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(spool_->cursor(kMessages), at);
  EXPECT_EQ(spool_->statistics(), before);
  EXPECT_FALSE(spool_->take_damage());
  std::vector<SpooledBody> next{body_of(4)};
  ASSERT_TRUE(spool_->append(next));
  EXPECT_GT(next[0].id, highest);
}

TEST_F(SpoolTest, UsesNoIdTwice) {
  append({body_of(1), body_of(2)});
  const auto last = cursor_at(all()[1]);
  ASSERT_TRUE(spool_->pass(kMessages, last));
  open();
  std::vector<SpooledBody> next{body_of(3)};
  ASSERT_TRUE(spool_->append(next));
  EXPECT_GT(next[0].id, last.id);
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{3}));
}

TEST_F(SpoolTest, RemembersHowFarAKeyIsThroughWithoutBodies) {
  EXPECT_FALSE(spool_->cursor(kMessages));
  ASSERT_TRUE(spool_->pass(kMessages, {.id = 0, .run_id = "run-1", .last = 4711}));
  append({body_of(1)});
  open();
  ASSERT_TRUE(spool_->cursor(kMessages));
  EXPECT_EQ(spool_->cursor(kMessages)->last, 4711);
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{1}));
}

TEST_F(SpoolTest, CountsWhatWaits) {
  EXPECT_EQ(spool_->statistics(), SpoolStatistics{});
  append({body_of(1, 100), body_of(2, 50, kConnections), body_of(3, 300)});
  auto all_keys = spool_->statistics();
  EXPECT_EQ(all_keys.batches, 3);
  EXPECT_EQ(all_keys.bytes, 450);
  EXPECT_EQ(all_keys.events, 30);
  EXPECT_EQ(all_keys.oldest, body_of(1).made);
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(all()[0])));
  const auto by_key = spool_->by_routing_key();
  EXPECT_EQ(by_key.at(kMessages).bytes, 300);
  EXPECT_EQ(by_key.at(kMessages).oldest, body_of(3).made);
  EXPECT_EQ(spool_->statistics().oldest, body_of(2).made);
}

TEST_F(SpoolTest, LetsTheOldestGoWhenItIsFull) {
  std::vector<std::uint64_t> gone;
  std::uint64_t events = 0;
  for (std::uint64_t n = 0; n < 200; ++n) {
    std::vector<SpooledBody> bodies{body_of(n, 10000, n % 2 == 0 ? kMessages : kConnections)};
    const auto had_to_go = spool_->append(bodies).value();
    for (const auto& lost : had_to_go) {
      gone.push_back(lost.first / 10);
      events += lost.events;
      EXPECT_TRUE(lost.body.empty());
      EXPECT_EQ(lost.routing_key, lost.first / 10 % 2 == 0 ? kMessages : kConnections);
    }
  }
  ASSERT_FALSE(gone.empty());
  std::vector<std::uint64_t> first(gone.size());
  std::iota(first.begin(), first.end(), 0);
  EXPECT_EQ(gone, first);
  EXPECT_EQ(events, 10 * gone.size());
  EXPECT_EQ(gone.size() + spool_->statistics().batches, 200);
  EXPECT_EQ(all().front().first / 10, gone.back() + (gone.back() % 2 == 0 ? 2 : 1));
}

TEST_F(SpoolTest, HoldsTheFileToItsLimit) {
  for (const std::size_t size : {40U, 3000U, 5000U, 20000U, 130000U}) {
    for (std::uint64_t n = 0; n < 3 * options_.max_bytes / size; n += 64) {
      std::vector<SpooledBody> bodies;
      for (std::uint64_t i = 0; i < 64 && i * size < options_.max_bytes; ++i) {
        bodies.push_back(body_of(n + i, size));
      }
      ASSERT_TRUE(spool_->append(bodies));
    }
    open();
    EXPECT_LE(std::filesystem::file_size(path_), options_.max_bytes + (64 << 10)) << size;
    EXPECT_GT(spool_->statistics().bytes, size < 100 ? 50000 : options_.max_bytes / 3) << size;
  }
}

TEST_F(SpoolTest, TakesNothingThatCouldNeverFit) {
  append({body_of(1)});
  EXPECT_EQ(append({body_of(2, 2 << 20), body_of(3)}), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{1, 3}));
}

TEST_F(SpoolTest, UsesTheRoomOfWhatIsThroughBeforeAnythingGoes) {
  for (std::uint64_t n = 0; n < 1000; ++n) {
    EXPECT_TRUE(append({body_of(n, 100000)}).empty()) << n;
    const auto waiting = all();
    if (waiting.size() > 3) {
      ASSERT_TRUE(spool_->pass(kMessages, cursor_at(waiting[2])));
    }
  }
}

TEST_F(SpoolTest, GivesRoomBackOnceNothingWaits) {
  options_.max_bytes = 64 << 20;
  open();
  for (std::uint64_t n = 0; n < 30; ++n) append({body_of(n, 1 << 20)});
  EXPECT_GT(size_on_disk(), 30 << 20);
  const auto last = spool_->oldest(kMessages, 29, 1, kAny).value();
  ASSERT_EQ(last.size(), 1);
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(last[0])));
  EXPECT_LT(size_on_disk(), 1 << 20);
  EXPECT_EQ(spool_->cursor(kMessages), cursor_at(last[0]));
}

TEST_F(SpoolTest, RefusesWhenTheDiskWouldBeFull) {
  append({body_of(1)});
  options_.min_free_bytes = std::uint64_t{1} << 60;
  open();
  std::vector<SpooledBody> bodies{body_of(2)};
  EXPECT_EQ(spool_->append(bodies).error(), storage::Error::disk_full);
  EXPECT_EQ(bodies[0].id, 0);
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{1})) << "what is there can still be sent";
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(all()[0])));
  EXPECT_TRUE(all().empty());
}

TEST_F(SpoolTest, IsForOneAtATime) {
  EXPECT_EQ(Spool::open(path_, options_).error(), storage::Error::in_use);
  EXPECT_EQ(Spool::open("/proc/none/spool", options_).error(), storage::Error::cannot_open);
}

TEST_F(SpoolTest, MovesAFileAsideThatIsNone) {
  spool_.reset();
  std::ofstream(path_) << std::string(100000, 'x');
  open();
  const auto damage = spool_->take_damage();
  ASSERT_TRUE(damage);
  EXPECT_EQ(damage->reason, storage::Error::damaged);
  EXPECT_EQ(std::filesystem::file_size(damage->moved_to), 100000);
  EXPECT_FALSE(spool_->take_damage());
  append({body_of(1)});
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{1}));
}

TEST_F(SpoolTest, MovesAFileOfAnotherVersionAside) {
  append({body_of(1)});
  spool_.reset();
  ASSERT_TRUE(storage::Database::open(path_, {})->run("PRAGMA user_version = 99"));
  open();
  ASSERT_TRUE(spool_->take_damage());
  EXPECT_TRUE(all().empty());
}

TEST_F(SpoolTest, BeginsAnewWhenTheFileBreaksMeanwhile) {
  for (std::uint64_t n = 0; n < 20; ++n) append({body_of(n, 20000)});
  const auto last = all().back().id;
  ASSERT_TRUE(spool_->pass(kMessages, cursor_at(all()[0])));
  // A page of the table's tree, behind the back of the program, which has to read it again.
  open();
  const auto pages = std::filesystem::file_size(path_) / 4096;
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  for (std::uint64_t page = 1; page < pages; ++page) {
    file.seekp(static_cast<std::streamoff>(page * 4096));
    file << std::string(4096, '\xee');
  }
  file.close();
  EXPECT_EQ(spool_->oldest(kMessages, 0, kAny, kAny).error(), storage::Error::damaged);
  const auto damage = spool_->take_damage();
  ASSERT_TRUE(damage);
  EXPECT_EQ(damage->lost.at(kMessages).batches, 19);
  EXPECT_EQ(damage->lost.at(kMessages).events, 190);

  std::vector<SpooledBody> next{body_of(30)};
  ASSERT_TRUE(spool_->append(next));
  EXPECT_GT(next[0].id, last) << "so that nobody mistakes it for an old one";
  EXPECT_EQ(spool_->cursor(kMessages)->last, body_of(0).last);
  EXPECT_EQ(numbers(all()), (std::vector<std::uint64_t>{30}));
}

TEST_F(SpoolTest, SaysWhichBodyTheDiskHasDamaged) {
  append({body_of(1), body_of(2), body_of(3)});
  spool_.reset();
  overwrite(body_of(2).body, "changed");
  open();
  const auto bodies = all();
  EXPECT_EQ(numbers(bodies), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(bodies[0].body, body_of(1).body);
  EXPECT_TRUE(bodies[1].body.empty());
  EXPECT_EQ(bodies[2].body, body_of(3).body);
}

}  // namespace
}  // namespace mexport::exporter
