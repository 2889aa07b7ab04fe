// SPDX-License-Identifier: MIT
#include "capi/ask_site.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace mexport::capi {

std::vector<std::uint64_t> askable_connections(const ConnectionTable& table,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter) {
  const std::unordered_set<multiformats::PeerId> wanted(filter.peers.begin(), filter.peers.end());
  std::vector<std::uint64_t> connections;
  for (const auto& [id, peer] : table.peers()) {
    if (!wanted.empty() && !wanted.contains(privacy.shown(id))) continue;
    const auto& agent = peer->agent_version;
    if (!filter.agent.empty() && (!agent || agent->find(filter.agent) == std::string::npos)) {
      continue;
    }
    if (!monitor::speaks_bitswap(peer->protocols.get())) continue;
    const auto& all = peer->connections;
    const auto direct = std::ranges::find(all, false, &Connection::relayed);
    if (direct != all.end()) connections.push_back((*direct)->id);
  }
  return connections;
}

class AskSite::Asked final : public monitor::AskedPeer {
 public:
  Asked(Connection& of, Outbox& outbox, const monitor::Privacy& privacy)
      : AskedPeer(std::make_unique<CommandSender>(outbox, of.peer->id)),
        connection(of),
        privacy_(privacy) {}

  std::string name() const override { return privacy_.shown(connection.peer->id).to_string(); }

  Connection& connection;

 private:
  const monitor::Privacy& privacy_;
};

AskSite::State AskSite::state(std::size_t index) const {
  const auto& connection = *table_.all()[index];
  return {.opened_at = connection.opened_at,
          .closing = false,
          .protocols = connection.peer->protocols.get(),
          .asked = connection.asked.get()};
}

bool AskSite::excluded(std::size_t index) const {
  const auto& connection = *table_.all()[index];
  return connection.relayed || privacy_.excludes(connection.peer->id, connection.remote);
}

monitor::AskedPeer& AskSite::peer(std::size_t index) {
  auto& connection = *table_.all()[index];
  if (!connection.asked) {
    connection.asked = std::make_unique<Asked>(connection, outbox_, privacy_);
  }
  return *connection.asked;
}

void AskSite::on_asked(monitor::AskedPeer& peer,
                       const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                       wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) {
  capture_.sent(static_cast<Asked&>(peer).connection.captured,
                {.connection = nullptr,
                 .at = runtime_.now(),
                 .content = monitor::Asked{wantlist, request},
                 .size = static_cast<std::uint32_t>(size),
                 .protocol = protocol});
}

}  // namespace mexport::capi
