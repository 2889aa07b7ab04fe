// SPDX-License-Identifier: MIT
#include "node/listed_peers.hpp"

#include <algorithm>
#include <utility>

namespace mexport::node {

ListedPeers::ListedPeers(const libp2p::PeerDirectory& directory,
                         std::shared_ptr<const monitor::Privacy> privacy,
                         std::vector<ConnectionDetail> details)
    : directory_(directory),
      privacy_(std::move(privacy)),
      as_it_is_(!privacy_->changes_addresses()),
      details_(std::move(details)) {
  std::ranges::sort(details_, {}, &ConnectionDetail::id);
  const auto again = std::ranges::unique(details_, {}, &ConnectionDetail::id);
  details_.erase(again.begin(), again.end());
}

bool ListedPeers::next(std::vector<monitor::PeerView>& piece) {
  piece.clear();
  if (part_ == libp2p::PeerDirectory::kParts) return false;
  for (const auto& listed : directory_.part(part_++)) {
    if (auto peer = view(listed)) piece.push_back(std::move(*peer));
  }
  return true;
}

std::optional<monitor::PeerView> ListedPeers::view(
    const libp2p::PeerDirectory::Listed& listed) const {
  monitor::PeerView view;
  const auto& addresses = *listed.snapshot->addresses;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto* known = detail(listed.connections[i]);
    if (known == nullptr) continue;
    auto address = shown(listed.peer, addresses[i]);
    if (!address) continue;
    if (!view.latency) view.latency = known->latency;
    view.connections.push_back({.address = std::move(*address),
                                .direction = known->direction == libp2p::Direction::inbound
                                                 ? monitor::Direction::inbound
                                                 : monitor::Direction::outbound,
                                .transport = known->transport,
                                .security = known->security,
                                .opened_at = known->opened_at,
                                .streams = known->streams});
  }
  if (view.connections.empty()) return std::nullopt;
  view.peer = privacy_->shown(listed.peer);
  view.agent_version = listed.snapshot->agent_version;
  view.protocols = listed.snapshot->protocols;
  return view;
}

std::optional<std::string> ListedPeers::shown(const multiformats::PeerId& peer,
                                              const std::string& address) const {
  if (as_it_is_) return address;
  const auto parsed = multiformats::Multiaddr::from_string(address);
  if (!parsed) return privacy_->shown_text(address);
  if (privacy_->excludes(peer, *parsed)) return std::nullopt;
  return privacy_->shown(*parsed);
}

const ConnectionDetail* ListedPeers::detail(std::uint64_t id) const {
  const auto found = std::ranges::lower_bound(details_, id, {}, &ConnectionDetail::id);
  return found != details_.end() && found->id == id ? &*found : nullptr;
}

}  // namespace mexport::node
