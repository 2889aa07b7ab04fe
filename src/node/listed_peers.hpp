// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/peer_directory.hpp"
#include "monitor/peer_view.hpp"
#include "monitor/privacy.hpp"
#include "node/connection_walk.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::node {

/// The peers of a directory, part by part, with what the shards have said of their connections.
/// Connections that the shards have not told of are left out; so are those beyond a peer's listed
/// addresses. `directory` outlives it.
class ListedPeers final : public monitor::PeerCursor {
 public:
  ListedPeers(const libp2p::PeerDirectory& directory,
              std::shared_ptr<const monitor::Privacy> privacy,
              std::vector<ConnectionDetail> details);

  bool next(std::vector<monitor::PeerView>& piece) override;
  std::size_t connections() const override { return details_.size(); }

 private:
  std::optional<monitor::PeerView> view(const libp2p::PeerDirectory::Listed& listed) const;
  std::optional<std::string> shown(const multiformats::PeerId& peer,
                                   const std::string& address) const;
  const ConnectionDetail* detail(std::uint64_t id) const;

  const libp2p::PeerDirectory& directory_;
  std::shared_ptr<const monitor::Privacy> privacy_;
  bool as_it_is_ = false;
  std::vector<ConnectionDetail> details_;  // by id
  std::size_t part_ = 0;
};

}  // namespace mexport::node
