// SPDX-License-Identifier: MIT
#include "export/peer_metadata.hpp"

#include "export/json_writer.hpp"

#include <utility>

namespace mexport::exporter {

namespace {

// As the reference names what it does not know.
constexpr std::string_view kNoAgent = "N/A";

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
                           std::vector<UnconnectedPeer> unconnected)
    : peers_(std::move(peers)), now_(now), unconnected_(std::move(unconnected)) {}

bool PeerMetadata::next(std::string& out) {
  if (ended_) return false;
  if (!std::exchange(begun_, true)) begin(out);
  const auto enough = out.size() + kPiece;
  while (out.size() < enough) {
    if (!peers_->next(piece_)) {
      out += "]}";
      ended_ = true;
      return false;
    }
    for (const auto& peer : piece_) append(peer, out);
  }
  return true;
}

void PeerMetadata::begin(std::string& out) {
  out += R"({"timestamp":)";
  TimestampWriter().append(out, now_);
  out += R"(,"num_connections":)";
  append_json_integer(out, peers_->connections());
  out += R"(,"peer_metadata":[)";
  for (const auto& peer : unconnected_) append_unconnected(peer, out);
}

void PeerMetadata::append(const monitor::PeerView& peer, std::string& out) {
  separate(out);
  out += R"({"peer_id":")";
  peer.peer.append_text(out);
  out += R"(","connectedness":1,"multiaddresses":[],"protocols":)";
  if (peer.protocols) {
    append_json_strings(out, *peer.protocols);
  } else {
    out += "null";
  }
  out += R"(,"agent_version":)";
  append_json_string(out, peer.agent_version ? std::string_view(*peer.agent_version) : kNoAgent);
  out += R"(,"latency_ewma_ns":)";
  if (peer.latency) {
    append_json_integer(out, peer.latency->count());
  } else {
    out += "null";
  }
  out += R"(,"connected_multiaddresses":)";
  append_addresses(peer.connections, out);
  out += '}';
}

void PeerMetadata::append_unconnected(const UnconnectedPeer& peer, std::string& out) {
  separate(out);
  out += R"({"peer_id":)";
  append_json_string(out, peer.peer);
  out += R"(,"connectedness":0,"multiaddresses":)";
  append_json_strings(out, peer.addresses);
  out += R"(,"protocols":null,"agent_version":)";
  append_json_string(out, kNoAgent);
  out += R"(,"latency_ewma_ns":null,"connected_multiaddresses":null})";
}

void PeerMetadata::separate(std::string& out) {
  if (!std::exchange(empty_, false)) out += ',';
}

}  // namespace mexport::exporter
