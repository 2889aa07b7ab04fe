// SPDX-License-Identifier: MIT
#include "service/watched_host.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mexport::service {
namespace {

/// Reports each latency once, as hosts do.
class FakeHost final : public monitor::Host {
 public:
  monitor::HostStatistics statistics() override {
    monitor::HostStatistics statistics;
    statistics.messages_total = 42;
    statistics.loop_latency_seconds = std::exchange(latency, 0);
    return statistics;
  }
  std::vector<std::string> peer_ids() const override { return {"us"}; }
  std::vector<std::string> listen_addrs() const override { return {"/ip4/127.0.0.1/tcp/1"}; }

  double latency = 0;
};

TEST(WatchedHost, GlancesTakeNoLatencyFromHeartbeats) {
  FakeHost host;
  WatchedHost watched(host);
  host.latency = 0.5;
  EXPECT_EQ(watched.glance().loop_latency_seconds, 0.5);
  host.latency = 0.2;
  EXPECT_EQ(watched.glance().loop_latency_seconds, 0.2);
  EXPECT_EQ(watched.statistics().loop_latency_seconds, 0.5);
  EXPECT_EQ(watched.statistics().loop_latency_seconds, 0);
}

TEST(WatchedHost, PassesTheRestOn) {
  FakeHost host;
  WatchedHost watched(host);
  EXPECT_EQ(watched.statistics().messages_total, 42U);
  EXPECT_EQ(watched.glance().messages_total, 42U);
  EXPECT_EQ(watched.peer_ids(), host.peer_ids());
  EXPECT_EQ(watched.listen_addrs(), host.listen_addrs());
}

}  // namespace
}  // namespace mexport::service
