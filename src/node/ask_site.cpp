// SPDX-License-Identifier: MIT
#include "node/ask_site.hpp"

#include "ipfs/bitswap/sender.hpp"

#include <unordered_set>
#include <utility>

namespace mexport::node {

std::vector<std::uint64_t> askable_connections(const libp2p::PeerDirectory& directory,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter) {
  const std::unordered_set<multiformats::PeerId> peers(filter.peers.begin(), filter.peers.end());
  const auto wanted = [&](const libp2p::PeerDirectory::Listed& listed) {
    if (!peers.empty() && !peers.contains(privacy.shown(listed.peer))) return false;
    const auto& agent = listed.snapshot->agent_version;
    return filter.agent.empty() || (agent && agent->find(filter.agent) != std::string::npos);
  };
  std::vector<std::uint64_t> connections;
  for (std::size_t i = 0; i < libp2p::PeerDirectory::kParts; ++i) {
    for (const auto& listed : directory.part(i)) {
      if (listed.connections.empty() || !monitor::speaks_bitswap(listed.snapshot->protocols.get()))
        continue;
      if (!wanted(listed)) continue;
      connections.push_back(listed.connections.front());
    }
  }
  return connections;
}

class AskSite::Peer final : public libp2p::ConnectionAttachment, public monitor::AskedPeer {
 public:
  Peer(libp2p::Connection& of, const monitor::Privacy& privacy, std::chrono::milliseconds timeout)
      : AskedPeer(std::make_unique<ipfs::BitswapSender>(
            std::make_unique<ipfs::ConnectionStreams>(of), timeout)),
        connection(of),
        privacy_(privacy) {}

  std::string name() const override { return privacy_.shown(connection.peer()).to_string(); }

  libp2p::Connection& connection;

 private:
  const monitor::Privacy& privacy_;
};

const monitor::AskedPeer* AskSite::asked(libp2p::Connection& connection) {
  return static_cast<const Peer*>(connection.attachment(libp2p::AttachmentSlot::probe).get());
}

std::uint64_t AskSite::id(std::size_t index) const {
  return swarm_.connections()[index]->id();
}

AskSite::State AskSite::state(std::size_t index) const {
  auto& connection = *swarm_.connections()[index];
  return {.opened_at = connection.info().opened_at,
          .closing = connection.closing(),
          .protocols = connection.protocols().get(),
          .asked = asked(connection)};
}

bool AskSite::excluded(std::size_t index) const {
  const auto& connection = *swarm_.connections()[index];
  return privacy_.excludes(connection.peer(), connection.info().remote);
}

monitor::AskedPeer& AskSite::peer(std::size_t index) {
  auto& connection = *swarm_.connections()[index];
  auto& slot = connection.attachment(libp2p::AttachmentSlot::probe);
  if (!slot) slot = std::make_unique<Peer>(connection, privacy_, timeout_);
  return static_cast<Peer&>(*slot);
}

void AskSite::on_asked(monitor::AskedPeer& peer,
                       const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                       wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) {
  events_.on_asked(static_cast<Peer&>(peer).connection, wantlist, protocol, size, request);
}

}  // namespace mexport::node
