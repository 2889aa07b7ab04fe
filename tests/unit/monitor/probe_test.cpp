// SPDX-License-Identifier: MIT
#include "monitor/probe.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::monitor {
namespace {

using multiformats::Cid;

class AskedHost final : public Host {
 public:
  HostStatistics statistics() override { return {}; }
  bool ask(const Ask& ask, const std::shared_ptr<AskListener>& listener) override {
    if (!asks) return false;
    asked.push_back(ask);
    listeners.push_back(listener);
    return true;
  }
  std::vector<std::string> peer_ids() const override { return {}; }
  std::vector<std::string> listen_addrs() const override { return {}; }

  bool asks = true;
  std::vector<Ask> asked;
  std::vector<std::shared_ptr<AskListener>> listeners;
};

Cid cid(const char* text) {
  return Cid::from_string(text).value();
}
const Cid kRaw = cid("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
const Cid kOther = cid("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
const Cid kIdentity = cid("bafkqabtjmrugc43i");

TEST(Probe, AsksForEachCidOnceAndForNoneThatHoldsItsData) {
  const testing::ManualClock clock;
  AskedHost host;
  Probe probe(host, clock);
  ASSERT_TRUE(probe.start({.cids = {kRaw, kOther, kRaw, kIdentity}}));
  ASSERT_EQ(host.asked.size(), 1U);
  EXPECT_EQ(host.asked[0].cids, (std::vector<Cid>{kRaw, kOther}));
}

TEST(Probe, HoldsItsLimits) {
  const testing::ManualClock clock;
  AskedHost host;
  Probe probe(host, clock, {.requests = 2, .cids = 2, .cancel_after = std::chrono::seconds(5)});
  using enum Probe::Refusal;
  const auto third = cid("bafybeigks6arfsq3xxfpvqrrwonchxcnu6do76auprhhfomao6c273sixm");
  EXPECT_EQ(probe.start({.cids = {kRaw, kOther, third}}).error(), too_many_cids);
  EXPECT_EQ(probe.start({.cids = {}, .cancel_after = std::chrono::seconds(6)}).error(),
            cancel_too_late);
  auto first = probe.start({.cids = {kRaw}});
  const auto second = probe.start({.cids = {kRaw}});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(probe.start({.cids = {kRaw}}).error(), too_many_requests);
  first->reset();
  EXPECT_EQ(probe.start({.cids = {kRaw}}).error(), too_many_requests) << "the host is still at it";
  host.listeners.front()->on_done(false);
  EXPECT_TRUE(probe.start({.cids = {kRaw}}));
  for (const auto& listener : {host.listeners[1], host.listeners[2]}) listener->on_done(false);
  host.asks = false;
  EXPECT_EQ(probe.start({.cids = {kRaw}}).error(), closing);
  EXPECT_EQ(probe.start({.cids = {kRaw}}).error(), closing) << "it is not counted";

  Probe bytes(host, clock, {.cid_bytes = 70});
  EXPECT_EQ(bytes.start({.cids = {kRaw, third}}).error(), too_many_cids);
}

TEST(Probe, ARequestGathersReportsAndWakesOnceItIsDone) {
  const testing::ManualClock clock;
  AskedHost host;
  Probe probe(host, clock);
  const auto request = probe.start({.cids = {kRaw}}).value();
  auto& listener = *host.listeners.at(0);
  int woken = 0;
  request->on_end([&] { ++woken; });
  listener.on_peer({.peer = "a", .want = {}, .cancel = {}});
  listener.on_peer({.peer = "b", .want = {}, .cancel = {}});
  EXPECT_EQ(request->state(), ProbeRequest::State::running);
  EXPECT_EQ(woken, 0);
  listener.on_done(false);
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(request->state(), ProbeRequest::State::done);
  const auto reports = request->take();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].peer, "b");
  request->on_end([&] { ++woken; });
  EXPECT_EQ(woken, 2) << "it is done already";
  EXPECT_FALSE(listener.abandoned());
  request->abandon();
  EXPECT_TRUE(listener.abandoned());
}

TEST(Probe, CountsWhatPeersSay) {
  const testing::ManualClock clock;
  AskedHost host;
  Probe probe(host, clock);
  const auto request = probe.start({.cids = {kRaw, kOther}}, Probe::Answers::kept).value();
  auto& listener = *host.listeners.at(0);
  const auto answer = [&](const char* peer, const Cid& about, AnswerKind kind, int ms) {
    listener.on_answer(
        {.peer = peer, .cid = about, .kind = kind, .after = std::chrono::milliseconds(ms)});
  };
  for (const auto* peer : {"a", "b", "c"})
    listener.on_peer({.peer = peer, .want = {}, .cancel = {}});
  PeerReport failed{.peer = "d", .want = {}, .cancel = {}};
  failed.want.error = "timed out";
  listener.on_peer(std::move(failed));
  answer("a", kRaw, AnswerKind::have, 70);
  answer("b", kRaw, AnswerKind::block, 50);
  EXPECT_EQ(request->take_answers().size(), 2U);
  int woken = 0;
  request->on_news([&] { ++woken; });
  answer("a", kOther, AnswerKind::dont_have, 30);
  answer("a", kIdentity, AnswerKind::have, 1);  // nobody asked for it
  EXPECT_EQ(woken, 1);
  ASSERT_EQ(request->take_answers().size(), 1U);
  listener.on_done(false);
  EXPECT_EQ(woken, 2);
  answer("b", kOther, AnswerKind::dont_have, 90);
  EXPECT_EQ(woken, 2);
  const auto counts = request->counts();
  EXPECT_EQ(counts.asked, 4U);
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.silent, 2U);
  ASSERT_EQ(counts.cids.size(), 2U);
  EXPECT_EQ(counts.cids[0].have, 1U);
  EXPECT_EQ(counts.cids[0].blocks, 1U);
  EXPECT_EQ(counts.cids[0].first, std::chrono::milliseconds(50));
  EXPECT_EQ(counts.cids[1].dont_have, 2U);
  EXPECT_EQ(counts.cids[1].first, std::nullopt);
}

TEST(Probe, RemembersTheLastRequestsAndThoseThatRun) {
  const testing::ManualClock clock;
  AskedHost host;
  Probe probe(host, clock);
  ASSERT_TRUE(probe.start({.cids = {kRaw}}));  // runs on
  for (std::size_t i = 0; i < Probe::kRemembered + 5; ++i) {
    ASSERT_TRUE(probe.start({.cids = {kRaw}}));
    host.listeners.back()->on_done(false);
  }
  const auto requests = probe.requests();
  EXPECT_EQ(requests.size(), Probe::kRemembered);
  EXPECT_EQ(requests.front()->ask().request, 1U);
  EXPECT_EQ(requests.back()->ask().request, Probe::kRemembered + 6);
}

}  // namespace
}  // namespace mexport::monitor
