// SPDX-License-Identifier: MIT
#include "api/event_stream.hpp"

#include "tests/unit/api/test_sources.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mexport::api {
namespace {

using exporter::Batch;
using exporter::BatchPtr;
using monitor::EventKind;
using testing::TestApi;
using Step = BodySource::Step;

constexpr const char* kPeer = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";
constexpr const char* kCid = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

std::string event_text(EventKind kind) {
  return R"({"timestamp":"2026-01-02T03:04:05Z","peer":")" + std::string(kPeer) + R"(",")" +
         std::string(to_string(kind)) + R"(":{"Cid":{"/":")" + kCid +
         R"("},"text":"{\"/\":\"bagbait"},"ext":{}})";
}

BatchPtr batch_of(std::initializer_list<EventKind> kinds, std::size_t padding = 0) {
  auto batch = std::make_shared<Batch>();
  for (const auto kind : kinds) {
    const auto offset = batch->lines.size();
    batch->lines += event_text(kind);
    batch->events.push_back({.sequence = batch->events.size() + 1,
                             .offset = static_cast<std::uint32_t>(offset),
                             .size = static_cast<std::uint32_t>(batch->lines.size() - offset),
                             .reference_size = 0,
                             .kind = kind});
    batch->lines += '\n';
  }
  batch->lines.append(padding, ' ');
  return batch;
}

std::string expected(EventKind kind, int sequence) {
  const auto name = std::string(to_string(kind));
  return "id: " + name + "-" + std::to_string(sequence) + "\nevent: " + name +
         "\ndata: " + event_text(kind) + "\n\n";
}

std::unique_ptr<BodySource> stream(TestApi& test, std::string query = {}) {
  auto response = test.get("/api/v1/events", std::move(query));
  EXPECT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(response.content_type, "text/event-stream");
  return std::move(response.source);
}

TEST(EventStream, SendsEventsAsTheyCome) {
  TestApi test;
  const auto source = stream(test);
  int woken = 0;
  source->on_more([&] { ++woken; });
  std::string out;
  EXPECT_EQ(source->next(out), Step::wait);
  EXPECT_EQ(out, "");
  test.feed.submit(batch_of({EventKind::bitswap_message, EventKind::heartbeat}));
  test.feed.submit(batch_of({EventKind::connection_event}));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(source->next(out), Step::wait);
  EXPECT_EQ(out, expected(EventKind::bitswap_message, 1) + expected(EventKind::heartbeat, 2) +
                     expected(EventKind::connection_event, 1));
  EXPECT_EQ(test.feed.statistics().written[0], 1U);
}

TEST(EventStream, SendsWhatTheFilterLetsPass) {
  TestApi test;
  const std::string other = "QmTtKkqAWbPwSW9ygq5LoYUX9QwuC4YtUeXSc898XJGP5U";
  const auto passes = [&](const std::string& query) {
    const auto source = stream(test, query);
    test.feed.submit(batch_of({EventKind::bitswap_message, EventKind::heartbeat}));
    std::string out;
    source->next(out);
    return out;
  };
  const auto message = expected(EventKind::bitswap_message, 1);
  const auto both = message + expected(EventKind::heartbeat, 2);
  EXPECT_EQ(passes("kind=bitswap_message"), message);
  EXPECT_EQ(passes("kind=gap,bitswap_message"), message);
  EXPECT_EQ(passes("peer=" + std::string(kPeer)), both);
  EXPECT_EQ(passes("peer=" + other), "");
  EXPECT_EQ(passes("peer=" + other + "," + kPeer + "&kind=heartbeat"),
            expected(EventKind::heartbeat, 2));
  EXPECT_EQ(passes("cid=bafkreigh"), both);
  EXPECT_EQ(passes("cid=bafkreigi&cid=bafkreigh2"), both);
  EXPECT_EQ(passes("cid=bafkreigi"), "");
  EXPECT_EQ(passes("cid=bagbait"), "");
}

TEST(EventStream, RefusesFiltersThatItDoesNotUnderstand) {
  TestApi test;
  for (const auto* query : {"peer=x", "kind=x", "colour=x"}) {
    EXPECT_EQ(test.get("/api/v1/events", query).status, 400U) << query;
  }
  std::string many = "cid=a";
  for (std::size_t i = 0; i < kMaxFilterValues; ++i) many += ",a";
  EXPECT_EQ(test.get("/api/v1/events", many).status, 400U);
}

TEST(EventStream, ASlowClientLosesEventsAndIsTold) {
  TestApi test;
  const auto slow = stream(test);
  const auto quick = stream(test);
  std::string out;
  for (int i = 0; i < 8; ++i) {
    test.feed.submit(batch_of({EventKind::bitswap_message, EventKind::gap}, 1 << 20));
    quick->next(out);
  }
  EXPECT_EQ(out.find("event: lost"), std::string::npos);
  const auto statistics = test.feed.statistics();
  EXPECT_GT(statistics.lost[0][static_cast<std::size_t>(monitor::LossReason::sink_queue_full)], 0U);
  EXPECT_LE(statistics.queued_bytes, EventFeed::Options().queued_bytes);
  std::string rest;
  EXPECT_EQ(slow->next(rest), Step::wait);
  EXPECT_TRUE(rest.ends_with("event: lost\ndata: {\"count\":10}\n\n")) << rest;
}

TEST(EventStream, TakesSoManyClientsAndNoMore) {
  TestApi test;
  std::vector<std::unique_ptr<BodySource>> sources;
  for (std::size_t i = 0; i < EventFeed::Options().clients; ++i) sources.push_back(stream(test));
  EXPECT_EQ(test.get("/api/v1/events").status, 503U);
  sources.pop_back();
  EXPECT_EQ(test.get("/api/v1/events").status, 200U);
}

TEST(EventStream, EndsWithTheFeed) {
  TestApi test;
  const auto source = stream(test);
  int woken = 0;
  source->on_more([&] { ++woken; });
  test.feed.submit(batch_of({EventKind::gap}));
  test.feed.close();
  EXPECT_GE(woken, 1);
  std::string out;
  EXPECT_EQ(source->next(out), Step::end);
  EXPECT_EQ(out, expected(EventKind::gap, 1));
  EXPECT_EQ(test.get("/api/v1/events").status, 503U);
}

}  // namespace
}  // namespace mexport::api
