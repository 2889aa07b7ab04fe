// SPDX-License-Identifier: MIT
#include "config/bootstrap.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mexport::config {
namespace {

using multiformats::Multiaddr;
using multiformats::PeerId;
using multiformats::Protocol;

constexpr std::array<std::string_view, 7> kBuiltIn{
    "/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN",
    "/dnsaddr/bootstrap.libp2p.io/p2p/QmQCU2EcMqAqQPR2i9bChDtGNJchTbq5TbXJJ16u19uLTa",
    "/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb",
    "/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt",
    "/dnsaddr/va1.bootstrap.libp2p.io/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8",
    "/ip4/104.131.131.82/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ",
    "/ip4/104.131.131.82/udp/4001/quic-v1/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"};

bool needs_resolution(const Multiaddr& address) {
  return address.has(Protocol::dns) || address.has(Protocol::dns4) || address.has(Protocol::dns6) ||
         address.has(Protocol::dnsaddr);
}

/// Bootstrap addresses end in /p2p.
PeerId peer_of(const Multiaddr& address) {
  return address.peer_id().value_or(PeerId());
}

/// Peers by the order of their first mention.
class PeerList {
 public:
  explicit PeerList(const Config& config)
      : self_(config.identity ? config.identity->peer_id : PeerId()) {}

  /// True when the address can be dialled; only then it is kept.
  bool add(const PeerId& id, const Multiaddr& address) {
    if (!address.tcp_address()) return false;
    if (id == self_) return true;
    auto& addresses = entry(id).addresses;
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
    return true;
  }

  std::vector<PeerEntry> take() { return std::move(peers_); }

 private:
  PeerEntry& entry(const PeerId& id) {
    const auto found = std::ranges::find(peers_, id, &PeerEntry::id);
    if (found != peers_.end()) return *found;
    return peers_.emplace_back(PeerEntry{id, {}});
  }

  PeerId self_;
  std::vector<PeerEntry> peers_;
};

void add_or_warn(PeerList& peers, const PeerId& id, const Multiaddr& address,
                 const std::string& path, Report& report) {
  if (peers.add(id, address)) return;
  const char* reason = needs_resolution(address) ? " waits for name resolution"
                                                 : " needs a transport that this version lacks";
  report.warn(path, address.to_string() + reason);
}

void add_built_in(PeerList& peers, Report& report) {
  std::size_t names = 0;
  std::size_t transports = 0;
  for (const auto& address : built_in_bootstrap_peers()) {
    if (peers.add(peer_of(address), address.without_p2p())) continue;
    ++(needs_resolution(address) ? names : transports);
  }
  report.warn("Bootstrap", "of the built-in list, " + std::to_string(names) +
                               " addresses wait for name resolution and " +
                               std::to_string(transports) + " for QUIC");
}

}  // namespace

std::vector<Multiaddr> built_in_bootstrap_peers() {
  std::vector<Multiaddr> peers;
  for (const auto text : kBuiltIn) peers.push_back(Multiaddr::from_string(text).value());
  return peers;
}

std::vector<PeerEntry> peers_to_keep(const Config& config, Report& report) {
  PeerList peers(config);
  const auto& bootstrap = config.bootstrap;
  if (bootstrap.automatic) add_built_in(peers, report);
  for (const auto& address : bootstrap.peers) {
    add_or_warn(peers, peer_of(address), address.without_p2p(), "Bootstrap", report);
  }
  for (const auto& peer : config.peering) {
    if (peer.addresses.empty()) {
      report.warn("Peering.Peers", peer.id.to_string() + " has no address to dial");
    }
    for (const auto& address : peer.addresses) {
      add_or_warn(peers, peer.id, address, "Peering.Peers", report);
    }
  }
  return peers.take();
}

}  // namespace mexport::config
