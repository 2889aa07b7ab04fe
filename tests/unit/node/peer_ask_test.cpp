// SPDX-License-Identifier: MIT
#include "monitor/peer_ask.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "ipfs/bitswap/sender.hpp"
#include "tests/unit/ipfs/fake_opener.hpp"
#include "tests/unit/ipfs/fixture.hpp"
#include "tests/unit/ipfs/test_runtime.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mexport::node {
namespace {

using ipfs::FakeOpener;
using monitor::AskKind;
using monitor::AskPatience;
using monitor::AskPlan;
using monitor::PeerAsk;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Listener final : public monitor::AskListener {
 public:
  bool abandoned() const override { return false; }
  void on_peer(monitor::PeerReport&&) override {}
  void on_done(bool stopped) override { done.push_back(stopped); }
  std::vector<bool> done;
};

/// Asked by our own sender, on streams of the test's.
class Peer final : public monitor::AskedPeer {
 public:
  Peer(FakeOpener* opener, milliseconds timeout)
      : AskedPeer(std::make_unique<ipfs::BitswapSender>(std::unique_ptr<ipfs::StreamOpener>(opener),
                                                        timeout)) {}
  std::string name() const override { return "peer"; }
};

class PeerAskTest : public testing::Test, private PeerAsk::Events {
 protected:
  PeerAskTest() { opener->spoken.insert("/ipfs/bitswap/1.2.0"); }

  std::shared_ptr<PeerAsk> ask(AskKind kind, seconds cancel_after = seconds(0)) {
    monitor::Ask wanted{.kind = kind,
                        .cids = {*multiformats::Cid::from_bytes(ipfs::numbered_cid(1))},
                        .cancel_after = cancel_after};
    const auto plan = std::make_shared<AskPlan>(wanted, std::make_shared<Listener>(),
                                                std::vector<std::uint64_t>{}, 0);
    PeerAsk::Events& events = *this;
    auto made = std::make_shared<PeerAsk>(runtime, clock, patience, events, peer, plan);
    made->start();
    return made;
  }
  FakeOpener::Opened& stream(std::size_t index) { return *opener->streams.at(index); }
  void agree(std::size_t index) { stream(index).agree(ipfs::kBitswapProtocols[0]); }
  std::vector<wire::BitswapMessage> sent(std::size_t index) {
    return ipfs::messages_in(stream(index).stream.written);
  }

  void on_sending() override { ++sending; }
  void on_written(PeerAsk&, const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                  wire::BitswapProtocol, std::size_t) override {
    written.push_back(wantlist->entries.at(0).cancel);
  }
  void on_sent(PeerAsk&, bool failed) override {
    --sending;
    failures += failed ? 1 : 0;
  }
  void on_finished(PeerAsk& ask) override { reports.push_back(ask.take_report()); }

  ipfs::TestRuntime runtime;
  monitor::testing::ManualClock clock;
  const AskPatience patience;
  FakeOpener* opener = new FakeOpener;
  Peer peer{opener, patience.timeout};
  int sending = 0;
  int failures = 0;
  std::vector<bool> written;  // whether it was a CANCEL
  std::vector<monitor::PeerReport> reports;
};

TEST_F(PeerAskTest, AWantIsOutOnceThePeerHasAgreed) {
  const auto want = ask(AskKind::want);
  const auto messages = sent(0);
  ASSERT_EQ(messages.size(), 1U);
  ASSERT_EQ(messages[0].wantlist.size(), 1U);
  EXPECT_EQ(messages[0].wantlist[0].priority, 2147483647);
  EXPECT_EQ(messages[0].wantlist[0].want_type, 1);
  EXPECT_TRUE(messages[0].wantlist[0].send_dont_have);
  EXPECT_EQ(sending, 1);
  runtime.advance(milliseconds(70));
  EXPECT_TRUE(reports.empty());
  agree(0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].peer, "peer");
  EXPECT_EQ(reports[0].want.error, "");
  EXPECT_EQ(reports[0].want.before, clock.wall_now());
  EXPECT_EQ(reports[0].want.took, milliseconds(70));
  EXPECT_EQ(reports[0].want.want_type, wire::WantType::have);
  EXPECT_EQ(sending, 0);
}

TEST_F(PeerAskTest, OlderPeersAreAskedForTheBlock) {
  opener->spoken = {"/ipfs/bitswap/1.1.0"};
  const auto want = ask(AskKind::want);
  EXPECT_EQ(sent(0).at(0).wantlist.at(0).want_type, 0);
  EXPECT_FALSE(sent(0)[0].wantlist[0].send_dont_have);
  stream(0).agree(ipfs::kBitswapProtocols[1]);
  EXPECT_EQ(reports.at(0).want.want_type, wire::WantType::block);
}

TEST_F(PeerAskTest, ACancelCarriesTheCidAlone) {
  const auto cancel = ask(AskKind::cancel);
  agree(0);
  const auto entry = sent(0).at(0).wantlist.at(0);
  EXPECT_TRUE(entry.cancel);
  EXPECT_EQ(entry.priority, 0);
  EXPECT_FALSE(entry.send_dont_have);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].cancel.error, "");
  EXPECT_EQ(reports[0].cancel.want_type, std::nullopt);
}

TEST_F(PeerAskTest, TheCancelComesSoLongAfterTheWant) {
  const auto both = ask(AskKind::want_cancel, seconds(2));
  agree(0);
  EXPECT_EQ(sending, 0);
  runtime.advance(milliseconds(1999));
  EXPECT_EQ(sent(0).size(), 1U);
  runtime.advance(milliseconds(1));
  ASSERT_EQ(sent(0).size(), 2U);
  EXPECT_TRUE(sent(0)[1].wantlist.at(0).cancel);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].want.error + reports[0].cancel.error, "");
  EXPECT_EQ(written, (std::vector<bool>{false, true}));
}

TEST_F(PeerAskTest, TheCancelDoesNotOvertakeItsWant) {
  const auto both = ask(AskKind::want_cancel, seconds(1));
  runtime.advance(seconds(5));
  EXPECT_EQ(sent(0).size(), 1U) << "the peer has not agreed yet";
  agree(0);
  runtime.advance(milliseconds(1));
  EXPECT_EQ(sent(0).size(), 2U);
}

TEST_F(PeerAskTest, ALostStreamIsReplacedTwice) {
  const auto want = ask(AskKind::want);
  for (std::size_t i = 0; i < 2; ++i) {
    stream(i).stream.peer_resets(libp2p::StreamCode::none);
    EXPECT_EQ(opener->streams.size(), i + 1) << "after a pause";
    runtime.advance(milliseconds(100));
    ASSERT_EQ(opener->streams.size(), i + 2);
  }
  stream(2).stream.peer_resets(libp2p::StreamCode::none);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].want.error, "the stream ended before a protocol was agreed on");
  EXPECT_EQ(reports[0].want.want_type, wire::WantType::have) << "it was written";
  EXPECT_EQ(written.size(), 3U);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(sending, 0);
}

TEST_F(PeerAskTest, APeerThatNeverAnswersOrNeverReadsTimesOut) {
  for (const bool agrees : {false, true}) {
    reports.clear();
    const auto index = opener->streams.size();
    const auto want = ask(AskKind::want);
    stream(index).stream.pending = 1;
    if (agrees) agree(index);
    runtime.advance(milliseconds(29'999));
    EXPECT_TRUE(reports.empty());
    runtime.advance(milliseconds(1));
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].want.error, "timed out");
    EXPECT_EQ(reports[0].want.took, seconds(30));
    EXPECT_TRUE(stream(index).stream.ended());
  }
}

TEST_F(PeerAskTest, AWantThatFailedIsCancelledAllTheSame) {
  const auto both = ask(AskKind::want_cancel);
  runtime.advance(seconds(30));
  runtime.advance(milliseconds(1));
  ASSERT_EQ(opener->streams.size(), 2U);
  agree(1);
  EXPECT_TRUE(sent(1).at(0).wantlist.at(0).cancel);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].want.error, "timed out");
  EXPECT_EQ(reports[0].cancel.error, "");
}

TEST_F(PeerAskTest, OneThatLeavesGetsNothingMore) {
  const auto sent_already = ask(AskKind::want_cancel, seconds(5));
  agree(0);
  sent_already->disconnected();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].want.error, "");
  EXPECT_EQ(reports[0].cancel.error, "disconnected");

  const auto waiting = ask(AskKind::want_cancel);
  waiting->disconnected();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].want.error, "");  // it was out at once, on the stream that there is
  EXPECT_EQ(reports[1].cancel.error, "disconnected");
  EXPECT_EQ(sent(0).size(), 2U);
  runtime.advance(seconds(40));
  EXPECT_EQ(reports.size(), 2U);
}

TEST_F(PeerAskTest, AStopSendsTheCancelThatIsOwed) {
  const auto both = ask(AskKind::want_cancel, seconds(60));
  agree(0);
  both->stop();
  ASSERT_EQ(sent(0).size(), 2U);
  EXPECT_TRUE(sent(0)[1].wantlist.at(0).cancel);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].cancel.error, "the node is stopping");
  EXPECT_EQ(written, (std::vector<bool>{false, true}));

  const auto want = ask(AskKind::want);
  EXPECT_EQ(reports.size(), 2U);
  EXPECT_EQ(sent(0).size(), 3U) << "a WANT alone is not taken back";
}

TEST(AskedCids, KnowsWhatWasAskedFor) {
  monitor::Ask ask;
  ask.request = 7;
  for (const std::uint32_t number : {5U, 1U, 9U}) {
    ask.cids.push_back(*multiformats::Cid::from_bytes(ipfs::numbered_cid(number)));
  }
  const monitor::AskedCids asked(ask, std::weak_ptr<monitor::AskListener>());
  EXPECT_EQ(asked.request(), 7U);
  for (const std::uint32_t number : {1U, 5U, 9U}) {
    EXPECT_TRUE(asked.contains(ipfs::numbered_cid(number))) << number;
  }
  EXPECT_FALSE(asked.contains(ipfs::numbered_cid(2)));
}

TEST(AskPlan, TheLastShardOrTheEndTells) {
  const auto listener = std::make_shared<Listener>();
  auto plan =
      std::make_unique<AskPlan>(monitor::Ask{}, listener, std::vector<std::uint64_t>{5, 3}, 2);
  EXPECT_TRUE(plan->chosen(3));
  EXPECT_TRUE(plan->chosen(5));
  EXPECT_FALSE(plan->chosen(4));
  plan->shard_done(false);
  EXPECT_TRUE(listener->done.empty());
  plan->shard_done(false);
  EXPECT_EQ(listener->done, std::vector<bool>{false});
  plan.reset();
  EXPECT_EQ(listener->done.size(), 1U);

  plan = std::make_unique<AskPlan>(monitor::Ask{}, listener, std::vector<std::uint64_t>{}, 2);
  plan->shard_done(false);
  plan.reset();
  EXPECT_EQ(listener->done, (std::vector<bool>{false, true}));
}

}  // namespace
}  // namespace mexport::node
