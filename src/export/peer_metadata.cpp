// SPDX-License-Identifier: MIT
#include "export/peer_metadata.hpp"

#include "export/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace mexport::exporter {

namespace {

// As the reference names what it does not know.
constexpr std::string_view kNoAgent = "N/A";

/// Of those in the store, at a time.
constexpr std::size_t kKnownAtOnce = 128;

/// JSON as it was stored, or what stands for nothing.
void append_or(std::string_view json, std::string_view nothing, std::string& out) {
  out += json.empty() ? nothing : json;
}

void append_latency(std::optional<std::int64_t> nanoseconds, std::string& out) {
  if (nanoseconds) {
    append_json_integer(out, *nanoseconds);
  } else {
    out += "null";
  }
}

void append_addresses(const std::vector<monitor::ConnectionView>& connections, std::string& out) {
  char before = '[';
  for (const auto& connection : connections) {
    out += std::exchange(before, ',');
    append_json_string(out, connection.address);
  }
  if (before == '[') out += before;
  out += ']';
}

}  // namespace

PeerMetadata::PeerMetadata(std::unique_ptr<monitor::PeerCursor> peers, base::WallTime now,
                           std::shared_ptr<Peerstore> store, Unconnected unconnected)
    : peers_(std::move(peers)),
      now_(now),
      store_(std::move(store)),
      unconnected_(std::move(unconnected)) {
  if (store_ && unconnected_.known) known_through_ = store_->last_id();
}

bool PeerMetadata::next(std::string& out) {
  if (ended_) return false;
  if (!std::exchange(begun_, true)) begin(out);
  const auto enough = out.size() + kPiece;
  while (out.size() < enough) {
    if (next_connected(out) || next_known(out)) continue;
    out += "]}";
    ended_ = true;
    return false;
  }
  return true;
}

void PeerMetadata::begin(std::string& out) {
  out += R"({"timestamp":)";
  TimestampWriter().append(out, now_);
  out += R"(,"num_connections":)";
  append_json_integer(out, peers_->connections());
  out += R"(,"peer_metadata":[)";
  for (const auto& peer : unconnected_.own) append_own(peer, out);
}

bool PeerMetadata::next_connected(std::string& out) {
  if (connected_ended_) return false;
  if (peers_->next(piece_)) {
    for (const auto& peer : piece_) append(peer, out);
    return true;
  }
  connected_ended_ = true;
  std::ranges::sort(listed_);
  return false;
}

bool PeerMetadata::next_known(std::string& out) {
  if (known_after_ >= known_through_) return false;
  const auto peers = store_->list(known_after_, known_through_, kKnownAtOnce);
  if (peers.empty()) return false;
  known_after_ = peers.back().id;
  for (const auto& peer : peers) {
    if (!is_listed(peer)) append_known(peer, out);
  }
  return true;
}

bool PeerMetadata::is_listed(const KnownPeer& peer) const {
  return std::ranges::binary_search(listed_, peer.id);
}

void PeerMetadata::append(const monitor::PeerView& peer, std::string& out) {
  separate(out);
  const auto id = peer.peer.to_string();
  const auto known = store_ ? store_->find(id) : std::nullopt;
  if (known && unconnected_.known) listed_.push_back(known->id);
  out += R"({"peer_id":")";
  out += id;
  out += R"(","connectedness":1,"multiaddresses":)";
  append_or(known ? known->last.addresses : "", "[]", out);
  out += R"(,"protocols":)";
  if (peer.protocols) {
    append_json_strings(out, *peer.protocols);
  } else {
    out += "null";
  }
  out += R"(,"agent_version":)";
  append_json_string(out, peer.agent_version ? std::string_view(*peer.agent_version) : kNoAgent);
  out += R"(,"latency_ewma_ns":)";
  append_latency(peer.latency ? std::optional(peer.latency->count()) : std::nullopt, out);
  out += R"(,"connected_multiaddresses":)";
  append_addresses(peer.connections, out);
  out += '}';
}

void PeerMetadata::append_own(const UnconnectedPeer& peer, std::string& out) {
  separate(out);
  out += R"({"peer_id":)";
  append_json_string(out, peer.peer);
  out += R"(,"connectedness":0,"multiaddresses":)";
  append_json_strings(out, peer.addresses);
  out += R"(,"protocols":null,"agent_version":)";
  append_json_string(out, kNoAgent);
  out += R"(,"latency_ewma_ns":null,"connected_multiaddresses":null})";
}

void PeerMetadata::append_known(const KnownPeer& peer, std::string& out) {
  separate(out);
  out += R"({"peer_id":")";
  out += peer.last.peer;
  out += R"(","connectedness":0,"multiaddresses":)";
  append_or(peer.last.addresses, "[]", out);
  out += R"(,"protocols":)";
  append_or(peer.last.protocols, "null", out);
  out += R"(,"agent_version":)";
  append_or(peer.last.agent_version, R"("N/A")", out);
  out += R"(,"latency_ewma_ns":)";
  append_latency(peer.last.latency_ns, out);
  out += R"(,"connected_multiaddresses":null})";
}

void PeerMetadata::separate(std::string& out) {
  if (!std::exchange(empty_, false)) out += ',';
}

}  // namespace mexport::exporter
