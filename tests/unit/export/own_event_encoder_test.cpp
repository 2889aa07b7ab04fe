// SPDX-License-Identifier: MIT
#include "export/own_event_encoder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mexport::exporter {
namespace {

using std::chrono::milliseconds;

class OwnEventEncoderTest : public ::testing::Test {
 protected:
  base::WallTime timestamp_{std::chrono::seconds(1'795'379'313)};
  OwnEventEncoder encoder_{"12D3KooWUs"};
  std::string out_;
  const std::string head_ = R"({"timestamp":"2026-11-22T20:28:33Z","peer":"12D3KooWUs",)";
};

TEST_F(OwnEventEncoderTest, RunInfo) {
  const monitor::RunInfo info{
      .version = "0.1.0",
      .run_id = "00ff",
      .configuration_hash = "abcd",
      .monitor_name = "de<1",
      .peer_ids = {"12D3KooWUs"},
      .listen_addrs = {"/ip4/0.0.0.0/tcp/4001"},
      .started_at = timestamp_,
      .clock = {.steps = 1, .last_step = milliseconds(-250), .ahead = milliseconds(2)}};
  const auto size = encoder_.append_run_info(info, timestamp_, 4, out_);
  const auto body = head_ +
                    R"("run_info":{"run_id":"00ff","version":"0.1.0","monitor_name":"de\u003c1",)"
                    R"("fields":"extended","started_at":"2026-11-22T20:28:33Z",)"
                    R"("configuration_hash":"abcd","privacy":{"addresses":"full","peers":"full",)"
                    R"("excluded_peers":0,"excluded_subnets":0},"peer_ids":["12D3KooWUs"],)"
                    R"("listen_addrs":["/ip4/0.0.0.0/tcp/4001"],)"
                    R"("clock":{"steps":1,"last_step_ms":-250,"ahead_us":2000}})";
  EXPECT_EQ(out_, body + R"(,"ext":{"seq":4}})");
  EXPECT_EQ(size, body.size());
}

TEST_F(OwnEventEncoderTest, RunInfoTellsOfContactAndPrivacy) {
  monitor::RunInfo info;
  info.contact = "https://example.org";
  info.privacy = {.addresses = monitor::AddressDetail::prefix,
                  .keyed_peers = true,
                  .key_id = "00ff",
                  .excluded_peers = 2,
                  .excluded_subnets = 1};
  encoder_.append_run_info(info, timestamp_, 1, out_);
  EXPECT_NE(out_.find(R"(,"contact":"https://example.org","privacy":{"addresses":"prefix",)"
                      R"("peers":"keyed","key_id":"00ff","excluded_peers":2,)"
                      R"("excluded_subnets":1},"peer_ids":[])"),
            std::string::npos)
      << out_;
}

TEST_F(OwnEventEncoderTest, Heartbeat) {
  monitor::Heartbeat heartbeat;
  heartbeat.uptime = std::chrono::minutes(1);
  heartbeat.host.connections_inbound = 3;
  heartbeat.host.connections_outbound = 2;
  heartbeat.host.connections_by_transport = {{"quic", 1}, {"tcp", 4}};
  heartbeat.host.messages_total = 100;
  heartbeat.host.wantlist_entries_total = 500;
  heartbeat.host.loop_latency_seconds = 0.0015;
  heartbeat.host.counters = {{"handshake_timeout", 7}};
  heartbeat.sequences = {99, 5};
  heartbeat.lost[0][0] = 1;
  heartbeat.lost[0][1] = 2;
  heartbeat.lost[1][1] = 3;
  heartbeat.queued = 8;
  encoder_.append_heartbeat(heartbeat, timestamp_, 1, out_);
  EXPECT_EQ(out_, head_ +
                      R"("heartbeat":{"uptime_ms":60000,"connections":{"inbound":3,"outbound":2,)"
                      R"("by_transport":{"quic":1,"tcp":4}},"handshakes_in_progress":0,)"
                      R"("messages":100,"wantlist_entries":500,"loop_latency_us":1500,"queued":8,)"
                      R"("events":{"bitswap_message":99,"connection_event":5},)"
                      R"("lost":{"bitswap_message":{"queue_full":1,"queue_bytes":2},)"
                      R"("connection_event":{"queue_bytes":3}},)"
                      R"("counters":{"handshake_timeout":7},)"
                      R"("clock":{"steps":0,"last_step_ms":0,"ahead_us":0}},"ext":{"seq":1}})");
}

TEST_F(OwnEventEncoderTest, Gap) {
  const monitor::LostRange range{.kind = monitor::EventKind::bitswap_message,
                                 .reason = monitor::LossReason::queue_full,
                                 .from = 11,
                                 .to = 20};
  encoder_.append_gap(range, timestamp_, 2, out_);
  const auto body =
      head_ +
      R"("gap":{"kind":"bitswap_message","from":11,"to":20,"count":10,"reason":"queue_full"})";
  EXPECT_EQ(out_, body + R"(,"ext":{"seq":2}})");
  out_.clear();
  EXPECT_EQ(encoder_.append_sink_gap(range, timestamp_, "trace", out_), body.size());
  EXPECT_EQ(out_, body + R"(,"ext":{"sink":"trace"}})");
  out_.clear();
  encoder_.append_told_gap({.range = range, .run_id = "5f0c"}, "amqp", timestamp_, 3, out_);
  EXPECT_EQ(out_, head_ +
                      R"("gap":{"kind":"bitswap_message","from":11,"to":20,"count":10,)"
                      R"("reason":"queue_full","run_id":"5f0c"},"ext":{"seq":3,"sink":"amqp"}})");
}

}  // namespace
}  // namespace mexport::exporter
