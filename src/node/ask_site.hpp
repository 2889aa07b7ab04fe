// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/swarm.hpp"
#include "monitor/asker.hpp"
#include "monitor/privacy.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mexport::node {

/// One connection of each peer that can be asked, the oldest.
std::vector<std::uint64_t> askable_connections(const libp2p::PeerDirectory& directory,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter);

/// What an AskSite tells its owner; as AskSite::on_asked().
class AskEvents {
 public:
  virtual void on_asked(libp2p::Connection& connection,
                        const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                        wire::BitswapProtocol protocol, std::size_t size,
                        std::uint64_t request) = 0;

 protected:
  ~AskEvents() = default;
};

/// The connections of a swarm as an Asker wants them. Lives on the swarm's shard.
class AskSite final : public monitor::AskSite {
 public:
  /// All outlive it. A peer may take `timeout` for the negotiation of a stream.
  AskSite(libp2p::Swarm& swarm, const monitor::Privacy& privacy, AskEvents& events,
          std::chrono::milliseconds timeout)
      : swarm_(swarm), privacy_(privacy), events_(events), timeout_(timeout) {}

  /// nullptr: its peer has not been asked.
  static const monitor::AskedPeer* asked(libp2p::Connection& connection);

  std::size_t size() const override { return swarm_.connections().size(); }
  std::uint64_t id(std::size_t index) const override;
  State state(std::size_t index) const override;
  bool excluded(std::size_t index) const override;
  monitor::AskedPeer& peer(std::size_t index) override;
  void on_asked(monitor::AskedPeer& peer,
                const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) override;

 private:
  class Peer;

  libp2p::Swarm& swarm_;
  const monitor::Privacy& privacy_;
  AskEvents& events_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace mexport::node
