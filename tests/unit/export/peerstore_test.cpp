// SPDX-License-Identifier: MIT
#include "export/peerstore/peerstore.hpp"

#include "export/peerstore/peerstore_sink.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include "storage/error.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using monitor::LossReason;
using ::testing::ElementsAre;

base::WallTime at(std::chrono::seconds seconds) {
  return base::WallTime(seconds);
}

PeerSighting named(std::string peer) {
  return {.peer = std::move(peer),
          .agent_version = {},
          .protocols = {},
          .addresses = {},
          .latency_ns = {}};
}

class PeerstoreTest : public ::testing::Test {
 protected:
  PeerstoreTest() { open(); }

  void open() {
    store_.reset();
    store_ = std::make_shared<Peerstore>(options_, base::Logger());
  }
  void see(const PeerSighting& sighting, std::chrono::seconds when = std::chrono::seconds(1)) {
    const auto done = store_->update({&sighting, 1}, at(when));
    EXPECT_TRUE(done) << done.error().message();
  }
  void see_many(int from, int to, std::chrono::seconds when) {
    std::vector<PeerSighting> sightings;
    for (int i = from; i < to; ++i) {
      sightings.push_back(named("p" + std::to_string(i)));
      sightings.back().protocols = '"' + std::string(1000, 'x') + '"';
    }
    EXPECT_TRUE(store_->update(sightings, at(when)));
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& peer : store_->list(0, store_->last_id(), 1000)) {
      all.push_back(peer.last.peer);
    }
    return all;
  }

  testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/sub/peers.sqlite";
  Peerstore::Options options_{.path = path_, .limits = {}, .privacy = "full"};
  std::shared_ptr<Peerstore> store_;
};

TEST_F(PeerstoreTest, PutsTogetherWhatSightingsTell) {
  auto first = named("a");
  first.agent_version = R"("kubo")";
  first.protocols = R"(["/p/1"])";
  first.addresses = R"(["/ip4/192.0.2.1/tcp/1"])";
  see(first);
  auto second = named("a");
  second.protocols = "[]";
  second.latency_ns = 7;
  see(second, std::chrono::seconds(9));

  const auto found = store_->find("a");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->last.agent_version, R"("kubo")");
  EXPECT_EQ(found->last.protocols, "[]");
  EXPECT_EQ(found->last.addresses, R"(["/ip4/192.0.2.1/tcp/1"])");
  EXPECT_EQ(found->last.latency_ns, 7);
  EXPECT_EQ(found->seen, at(std::chrono::seconds(9)));
  EXPECT_FALSE(store_->find("b"));
  EXPECT_EQ(store_->statistics().peers, 1U);
}

TEST_F(PeerstoreTest, ListsInTheOrderOfTheirComing) {
  for (const auto* name : {"c", "a", "b", "a"}) see(named(name));
  EXPECT_THAT(names(), ElementsAre("c", "a", "b"));
  const auto first = store_->list(0, store_->last_id(), 1);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(store_->list(first[0].id, store_->last_id(), 9).size(), 2U);
  EXPECT_TRUE(store_->list(0, 0, 9).empty());
}

TEST_F(PeerstoreTest, OutlivesTheRun) {
  see(named("a"));
  open();
  see(named("b"));
  EXPECT_THAT(names(), ElementsAre("a", "b"));
  EXPECT_EQ(store_->statistics().peers, 2U);
  EXPECT_EQ(store_->statistics().errors, 0U);
}

TEST_F(PeerstoreTest, OutlivesAProcessThatIsKilled) {
  store_.reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Peerstore store(options_, base::Logger());
    const auto sighting = named("a");
    if (!store.update({&sighting, 1}, at(std::chrono::seconds(1)))) ::_exit(1);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  open();
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(PeerstoreTest, TheLongestUnseenGoForTheNew) {
  options_.limits.max_peers = 3;
  open();
  see(named("a"), std::chrono::seconds(1));
  see(named("b"), std::chrono::seconds(2));
  see(named("c"), std::chrono::seconds(3));
  see(named("a"), std::chrono::seconds(4));
  see(named("d"), std::chrono::seconds(5));
  EXPECT_THAT(names(), ElementsAre("a", "c", "d"));
  EXPECT_EQ(store_->statistics().peers, 3U);
}

TEST_F(PeerstoreTest, TheOldGo) {
  options_.limits.max_age = std::chrono::seconds(100);
  open();
  see(named("a"), std::chrono::seconds(1));
  see(named("b"), std::chrono::seconds(50));
  see(named("c"), std::chrono::seconds(102));
  EXPECT_THAT(names(), ElementsAre("b", "c"));
}

TEST_F(PeerstoreTest, ItsFileStaysWithinItsLimit) {
  options_.limits.max_bytes = 1 << 20;
  open();
  for (int i = 0; i < 20; ++i) see_many(i * 200, (i + 1) * 200, std::chrono::seconds(i + 1));
  const auto statistics = store_->statistics();
  EXPECT_LE(statistics.bytes, options_.limits.max_bytes);
  EXPECT_GT(statistics.peers, 300U);
  EXPECT_TRUE(store_->find("p3999"));
  EXPECT_FALSE(store_->find("p0"));
  store_.reset();
  EXPECT_LE(std::filesystem::file_size(path_), 2 * options_.limits.max_bytes);
}

TEST_F(PeerstoreTest, IsEmptiedWhenPrivacyChanges) {
  see(named("12D3KooWSecret"));
  options_.privacy = "keyed";
  open();
  EXPECT_TRUE(names().empty());
  EXPECT_EQ(store_->statistics().peers, 0U);
  store_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path() + "/sub")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(content.find("12D3KooWSecret"), std::string::npos) << entry.path();
  }
}

TEST_F(PeerstoreTest, ABrokenFileIsSetAside) {
  see(named("a"));
  store_.reset();
  std::ofstream(path_, std::ios::binary | std::ios::trunc)
      << "this is no database, but long enough";
  open();
  see(named("b"));
  EXPECT_THAT(names(), ElementsAre("b"));
  EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged"));
}

TEST_F(PeerstoreTest, OthersMayNotReadIt) {
  see(named("a"));
  struct stat info{};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(PeerstoreTest, WhatCannotBeWrittenIsAnError) {
  options_.path = "/proc/none/peers.sqlite";
  open();
  const auto sighting = named("a");
  EXPECT_EQ(store_->update({&sighting, 1}, at(std::chrono::seconds(1))).error(),
            storage::Error::cannot_open);
  EXPECT_FALSE(store_->find("a"));
  EXPECT_TRUE(names().empty());
  EXPECT_EQ(store_->statistics().errors, 4U);  // the first at its opening
}

class NoContext final : public SinkContext {
 public:
  monitor::RunInfo run_info() const override { return {}; }
  void tell_gaps(std::string_view, std::vector<SinkGap>) const override {}
};

/// One event of each kind that there may be.
BatchPtr mixed_batch() {
  auto batch = std::make_shared<Batch>();
  const auto add = [&](EventKind kind, const std::string& peer, const std::string& body) {
    const auto offset = batch->lines.size();
    batch->lines += R"({"timestamp":"2026-11-22T20:00:00Z","peer":")" + peer + R"(",")";
    batch->lines += to_string(kind);
    batch->lines += "\":" + body + "}";
    batch->events.push_back({.sequence = 1,
                             .offset = static_cast<std::uint32_t>(offset),
                             .size = static_cast<std::uint32_t>(batch->lines.size() - offset),
                             .reference_size = 0,
                             .kind = kind});
    batch->lines += '\n';
  };
  add(EventKind::bitswap_message, "talks", "{}");
  add(EventKind::connection_event, "comes", R"({"remote":"x","connection_event_type":0})");
  add(EventKind::heartbeat, "self", "{}");
  add(EventKind::identify_event, "tells", R"({"agent_version":"helia"})");
  batch->first = batch->last = at(std::chrono::seconds(77));
  return batch;
}

TEST_F(PeerstoreTest, TheSinkTakesWhatTellsOfPeers) {
  PeerstoreSink sink(store_);
  ASSERT_TRUE(sink.start(NoContext()));
  sink.submit(mixed_batch());
  sink.stop(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  EXPECT_THAT(names(), ElementsAre("comes", "tells"));
  EXPECT_EQ(store_->find("tells")->last.agent_version, R"("helia")");
  EXPECT_EQ(store_->find("tells")->seen, at(std::chrono::seconds(77)));
  const auto statistics = sink.statistics();
  EXPECT_EQ(statistics.written[static_cast<std::size_t>(EventKind::connection_event)], 1U);
  EXPECT_EQ(statistics.written[static_cast<std::size_t>(EventKind::bitswap_message)], 0U);
  EXPECT_EQ(statistics.lost, monitor::LossTable{});
}

TEST_F(PeerstoreTest, TheSinkCountsWhatItCouldNotWrite) {
  options_.path = "/proc/none/peers.sqlite";
  open();
  PeerstoreSink sink(store_);
  ASSERT_TRUE(sink.start(NoContext()));
  sink.submit(mixed_batch());
  sink.stop(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  const auto lost = sink.statistics().lost;
  const auto count = [&](EventKind kind, LossReason reason) {
    return lost[static_cast<std::size_t>(kind)][static_cast<std::size_t>(reason)];
  };
  EXPECT_EQ(count(EventKind::connection_event, LossReason::disk_error), 1U);
  EXPECT_EQ(count(EventKind::identify_event, LossReason::disk_error), 1U);
  EXPECT_EQ(count(EventKind::bitswap_message, LossReason::disk_error), 0U);
}

TEST_F(PeerstoreTest, TheSinkCountsWhatIsLeftAtItsDeadline) {
  PeerstoreSink sink(store_);
  sink.submit(mixed_batch());
  ASSERT_TRUE(sink.start(NoContext()));
  sink.stop(std::chrono::steady_clock::now() - std::chrono::seconds(1));
  const auto statistics = sink.statistics();
  const auto kind = static_cast<std::size_t>(EventKind::identify_event);
  EXPECT_EQ(statistics.written[kind] +
                statistics.lost[kind][static_cast<std::size_t>(LossReason::stopped)],
            1U);
}

}  // namespace
}  // namespace mexport::exporter
