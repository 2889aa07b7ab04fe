// SPDX-License-Identifier: MIT
#include "tests/unit/api/recorded.hpp"
#include "tests/unit/api/test_sources.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

namespace mexport::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using testing::TestApi;

multiformats::PeerId peer_id(std::uint8_t number) {
  return multiformats::PeerId::from_sha256(base::Bytes(32, number));
}

monitor::PeerView peer(std::uint8_t number, const std::string& agent,
                       monitor::Direction direction) {
  monitor::PeerView view;
  view.peer = peer_id(number);
  view.agent_version = std::make_shared<const std::string>(agent);
  view.protocols = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"/ipfs/id/1.0.0", "/p/" + std::to_string(number % 2)});
  view.connections.push_back({.address = "/ip4/192.0.2." + std::to_string(number) + "/tcp/1",
                              .direction = direction,
                              .transport = "tcp",
                              .security = "noise",
                              .opened_at = base::SteadyTime(std::chrono::minutes(59)),
                              .streams = 2});
  return view;
}

struct Peers : TestApi {
  Peers() {
    for (const auto number : std::to_array<std::uint8_t>({5, 1, 4, 2, 3})) {
      peers.push_back(
          peer(number, number > 2 ? "kubo/0.43.0/" : "helia",
               number == 3 ? monitor::Direction::outbound : monitor::Direction::inbound));
    }
  }
  json::value page(const std::string& query) {
    return json::parse(get("/api/v1/peers", query).body);
  }
  std::vector<std::string> ids(const std::string& query) {
    std::vector<std::string> found;
    const auto shown = page(query);
    for (const auto& entry : shown.at("peers").as_array()) {
      found.emplace_back(entry.at("peer").as_string());
    }
    return found;
  }
};

std::vector<std::string> ids_of(std::initializer_list<std::uint8_t> numbers) {
  std::vector<std::string> ids;
  for (const auto number : numbers) ids.push_back(peer_id(number).to_string());
  return ids;
}

TEST(PeerPages, GoThroughAllPeersInTheOrderOfTheirIds) {
  Peers test;
  EXPECT_EQ(test.ids(""), ids_of({1, 2, 3, 4, 5}));
  std::vector<std::string> all;
  std::string query = "limit=2";
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = test.page(query);
    for (const auto& entry : page.at("peers").as_array())
      all.emplace_back(entry.at("peer").as_string());
    EXPECT_EQ(page.at("next").is_null(), pages == 2);
    if (pages < 2) query = "limit=2&after=" + std::string(page.at("next").as_string());
  }
  EXPECT_EQ(all, ids_of({1, 2, 3, 4, 5}));
}

TEST(PeerPages, ShowWhatIsKnown) {
  Peers test;
  const auto entry = test.page("limit=1").at("peers").at(0);
  EXPECT_EQ(json::serialize(entry.at("connections")),
            R"([{"address":"/ip4/192.0.2.1/tcp/1","direction":"inbound","transport":"tcp",)"
            R"("security":"noise","opened_at":"2026-01-02T03:03:05Z","streams":2}])");
  EXPECT_EQ(entry.at("agent_version"), "helia");
  EXPECT_TRUE(entry.at("latency_ns").is_null());
  test.peers.front().agent_version = nullptr;
  test.peers.front().protocols = nullptr;
  test.peers.front().latency = std::chrono::nanoseconds(17);
  const auto unknown = test.page("").at("peers").at(4);
  EXPECT_TRUE(unknown.at("agent_version").is_null());
  EXPECT_TRUE(unknown.at("protocols").is_null());
  EXPECT_EQ(unknown.at("latency_ns"), 17);
}

TEST(PeerPages, AreFiltered) {
  Peers test;
  EXPECT_EQ(test.ids("agent=kubo"), ids_of({3, 4, 5}));
  EXPECT_EQ(test.ids("protocol=/p/1"), ids_of({1, 3, 5}));
  EXPECT_EQ(test.ids("protocol=/p"), ids_of({}));
  EXPECT_EQ(test.ids("direction=outbound"), ids_of({3}));
  EXPECT_EQ(test.ids("address=/ip4/192.0.2.4"), ids_of({4}));
  EXPECT_EQ(test.ids("agent=kubo&protocol=/p/1&direction=inbound"), ids_of({5}));
  EXPECT_EQ(test.page("agent=kubo&limit=1").at("total"), 3);
  for (const auto* query :
       {"limit=0", "limit=1001", "limit=x", "limit=-1", "after=x", "direction=up", "colour=red"}) {
    EXPECT_EQ(test.get("/api/v1/peers", query).status, 400U) << query;
  }
}

json::value sample(TestApi& test, const std::string& query) {
  const Request request{.method = "GET",
                        .path = "/metric_plugin/v1/sample_peer_metadata",
                        .query = query,
                        .has_query = !query.empty(),
                        .loopback = true};
  const auto answer = testing::to_answer(request, test.api.answer(request));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_TRUE(answer.body.ends_with("}\n"));
  return json::parse(answer.body);
}

TEST(SamplePeerMetadata, HasTheRecordedShape) {
  Peers test;
  for (const auto& exchange :
       testing::read_exchanges(MEXPORT_VECTORS "/golden/http-probe-on.jsonl")) {
    if (!exchange.name.starts_with("sample-") || !testing::needs_peers(exchange)) continue;
    const auto recorded = json::parse(testing::to_answer(exchange.response).body);
    const auto request = testing::to_request(exchange.request);
    const auto ours = sample(test, request.query);
    const auto keys = [](const json::value& object) {
      std::vector<std::string> names;
      for (const auto& member : object.as_object()) names.emplace_back(member.key());
      return names;
    };
    const auto& result = ours.at("result");
    const auto& recorded_result = recorded.at("result");
    EXPECT_EQ(keys(ours), keys(recorded));
    EXPECT_EQ(keys(result), keys(recorded_result));
    EXPECT_EQ(keys(result.at("peer_metadata").at(0)),
              keys(recorded_result.at("peer_metadata").at(0)));
    const auto unconnected = [](const json::value& list) {
      std::vector<std::string> entries;
      for (const auto& entry : list.at("peer_metadata").as_array()) {
        if (entry.at("connectedness") == 0)
          entries.emplace_back(json::serialize(entry.at("agent_version")));
      }
      return entries;
    };
    EXPECT_EQ(unconnected(result), unconnected(recorded_result)) << exchange.name;
  }
}

TEST(SamplePeerMetadata, ListsConnectedPeersAndOurselves) {
  Peers test;
  const auto all = sample(test, "");
  EXPECT_EQ(all.at("status"), 200);
  EXPECT_EQ(all.at("result").at("num_connections"), 5);
  EXPECT_EQ(all.at("result").at("timestamp"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(all.at("result").at("peer_metadata").as_array().size(), 6U);
  for (const auto* query :
       {"only_connected=true", "only_connected=TRUE", "x=1&only_connected=tRuE"}) {
    EXPECT_EQ(sample(test, query).at("result").at("peer_metadata").as_array().size(), 5U) << query;
  }
  for (const auto* query : {"only_connected=1", "only_connected=", "only_connected=t"}) {
    EXPECT_EQ(sample(test, query).at("result").at("peer_metadata").as_array().size(), 6U) << query;
  }
}

TEST(SamplePeerMetadata, OfManyPeersComesInPieces) {
  TestApi test;
  for (int i = 0; i < 2000; ++i) {
    auto view = peer(7, "kubo", monitor::Direction::inbound);
    base::Bytes digest(32, 0);
    digest[0] = static_cast<std::uint8_t>(i);
    digest[1] = static_cast<std::uint8_t>(i >> 8);
    view.peer = multiformats::PeerId::from_sha256(digest);
    test.peers.push_back(std::move(view));
  }
  auto response = test.get("/metric_plugin/v1/sample_peer_metadata");
  std::string all = response.body;
  int pieces = 0;
  for (auto step = BodySource::Step::more; step == BodySource::Step::more; ++pieces) {
    std::string piece;
    step = response.source->next(piece);
    EXPECT_LT(piece.size(), 70'000U);
    all += piece;
  }
  EXPECT_GT(pieces, 4);
  EXPECT_EQ(json::parse(all).at("result").at("peer_metadata").as_array().size(), 2001U);
}

}  // namespace
}  // namespace mexport::api
