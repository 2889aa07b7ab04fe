// SPDX-License-Identifier: MIT
#include "capi/listed_peers.hpp"

#include "capi/foreign_host.hpp"

#include <algorithm>

namespace mexport::capi {

void add_view(const Peer& peer, const monitor::Privacy& privacy,
              std::vector<monitor::PeerView>& views) {
  monitor::PeerView view;
  for (const auto* connection : peer.connections) {
    if (privacy.excludes(peer.id, connection->remote)) continue;
    view.connections.push_back({.address = privacy.shown(connection->remote),
                                .direction = connection->direction,
                                .transport = connection->transport,
                                .security = connection->security,
                                .opened_at = connection->opened_at});
  }
  if (view.connections.empty()) return;
  view.peer = privacy.shown(peer.id);
  view.agent_version = peer.agent_version;
  view.protocols = peer.protocols;
  view.latency = peer.latency;
  views.push_back(std::move(view));
}

bool ListedPeers::next(std::vector<monitor::PeerView>& piece) {
  piece.clear();
  if (next_ == ids_.size()) return false;
  const auto to = std::min(next_ + kPiece, ids_.size());
  host_.view(ids_, next_, to, piece);
  next_ = to;
  return true;
}

}  // namespace mexport::capi
