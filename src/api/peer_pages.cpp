// SPDX-License-Identifier: MIT
#include "api/peer_pages.hpp"

#include "api/json_object.hpp"
#include "api/reference_api.hpp"
#include "api/target.hpp"
#include "export/peer_metadata.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace mexport::api {
namespace {

using monitor::PeerView;

/// `sample_peer_metadata` within its envelope.
class PeerSample final : public BodySource {
 public:
  explicit PeerSample(exporter::PeerMetadata metadata) : metadata_(std::move(metadata)) {}

  Step next(std::string& out) override {
    if (metadata_.next(out)) return Step::more;
    out += "}\n";
    return Step::end;
  }

 private:
  exporter::PeerMetadata metadata_;
};

/// Go's strconv knows more words for it; the reference asks for this one, in any case.
bool is_true(std::string_view text) {
  return std::ranges::equal(text, std::string_view("true"), {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

Response sample_peers(const Sources& sources, const Request& request) {
  exporter::PeerMetadata::Unconnected unconnected;
  if (!is_true(query_value(request.query, "only_connected"))) {
    const auto run = sources.run_info();
    for (const auto& peer : run.peer_ids) unconnected.own.push_back({peer, run.listen_addrs});
    unconnected.known = true;
  }
  Response response{.body = R"({"status":200,"result":)"};
  response.source = std::make_unique<PeerSample>(exporter::PeerMetadata(
      sources.peers(), sources.clock.wall_now(), sources.peerstore, std::move(unconnected)));
  return response;
}

bool earlier(const PeerView& a, const PeerView& b) {
  return a.peer < b.peer;
}

/// The first of all that match, in the order of their ids.
struct Page {
  std::vector<PeerView> peers;  // a heap whose top is the last
  std::size_t total = 0;

  void add(PeerView peer, std::size_t limit) {
    ++total;
    if (peers.size() == limit && !earlier(peer, peers.front())) return;
    peers.push_back(std::move(peer));
    std::ranges::push_heap(peers, earlier);
    if (peers.size() <= limit) return;
    std::ranges::pop_heap(peers, earlier);
    peers.pop_back();
  }
};

Page collect(monitor::PeerCursor& cursor, const PeerQuery& query) {
  Page page;
  std::vector<PeerView> piece;
  while (cursor.next(piece)) {
    for (auto& peer : piece) {
      if (query.matches(peer)) page.add(std::move(peer), query.limit);
    }
  }
  std::ranges::sort_heap(page.peers, earlier);
  return page;
}

void append_connection(const monitor::ConnectionView& connection, const base::Clock& clock,
                       std::string& out) {
  JsonObject object(out);
  object.add("address", connection.address);
  object.add("direction", to_string(connection.direction));
  object.add("transport", connection.transport);
  object.add("security", connection.security);
  const auto opened_at = clock.wall_now() - (clock.now() - connection.opened_at);
  exporter::TimestampWriter().append(object.key("opened_at"), opened_at);
  object.add("streams", connection.streams);
}

void append_peer(const PeerView& peer, const base::Clock& clock, std::string& out) {
  JsonObject object(out);
  object.add("peer", peer.peer.to_string());
  if (peer.agent_version) {
    object.add("agent_version", *peer.agent_version);
  } else {
    object.add_null("agent_version");
  }
  if (peer.protocols) {
    exporter::append_json_strings(object.key("protocols"), *peer.protocols);
  } else {
    object.add_null("protocols");
  }
  if (peer.latency) {
    object.add("latency_ns", peer.latency->count());
  } else {
    object.add_null("latency_ns");
  }
  std::string& list = object.key("connections");
  list += '[';
  for (const auto& connection : peer.connections) {
    if (!list.ends_with('[')) list += ',';
    append_connection(connection, clock, list);
  }
  list += ']';
}

Response answer_page(const Sources& sources, const Request& request) {
  const auto query = parse_peer_query(request.query);
  if (!query) return json_error(400, query.error());
  Response response{.content_type = std::string(kJson)};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = peers_page(*sources.peers(), *query, sources.clock);
  return response;
}

}  // namespace

std::string peers_page(monitor::PeerCursor& peers, const PeerQuery& query,
                       const base::Clock& clock) {
  const auto page = collect(peers, query);
  std::string out;
  {
    JsonObject object(out);
    object.add("total", page.total);
    if (page.total > page.peers.size()) {
      object.add("next", page.peers.back().peer.to_string());
    } else {
      object.add_null("next");
    }
    std::string& list = object.key("peers");
    list += '[';
    for (const auto& peer : page.peers) {
      if (!list.ends_with('[')) list += ',';
      append_peer(peer, clock, list);
    }
    list += ']';
  }
  out += '\n';
  return out;
}

void add_peer_methods(Router& router, const Sources& sources) {
  router.add(
      {.method = "GET",
       .path = std::string(kReferenceBase) + "/sample_peer_metadata",
       .handler = [&sources](const Request& request) { return sample_peers(sources, request); }});
  router.add(
      {.method = "GET",
       .path = "/api/v1/peers",
       .guard = Guard::token,
       .handler = [&sources](const Request& request) { return answer_page(sources, request); }});
}

}  // namespace mexport::api
