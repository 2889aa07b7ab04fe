// SPDX-License-Identifier: MIT
#pragma once

#include "export/peerstore/peerstore.hpp"
#include "libp2p/peer_directory.hpp"
#include "node/listed_peers.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mexport::node {

/// So many peers that are connected, without connections.
class ManyPeers {
 public:
  explicit ManyPeers(std::size_t count) {
    const auto protocols = std::make_shared<const std::vector<std::string>>(12, "/ipfs/bitswap");
    for (std::size_t i = 0; i < count; ++i) {
      base::Bytes digest(32);
      for (std::size_t byte = 0; byte < 4; ++byte) {
        digest[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
      }
      ids.push_back(multiformats::PeerId::from_sha256(digest));
      handles.push_back(
          directory.open(ids.back(), i, "/ip4/192.0.2.1/tcp/" + std::to_string(i % 65536)));
      handles.back().set_agent_version("kubo/0.30." + std::to_string(i % 50));
      handles.back().set_protocols(protocols);
      ConnectionDetail detail;
      detail.id = i;
      details.push_back(detail);
    }
  }

  libp2p::PeerDirectory directory;
  std::vector<multiformats::PeerId> ids;
  std::vector<libp2p::PeerDirectory::Handle> handles;
  std::vector<ConnectionDetail> details;
};

/// A peer store in a file that goes with it, which knows of the connected peers and as many others.
class StoredPeers {
 public:
  explicit StoredPeers(const ManyPeers& peers) {
    std::vector<exporter::PeerSighting> sightings;
    const auto add = [&](std::string peer) {
      sightings.push_back({.peer = std::move(peer),
                           .agent_version = R"("kubo/0.43.0/")",
                           .protocols = '[' + std::string(300, '1') + ']',
                           .addresses = '[' + std::string(200, '1') + ']',
                           .latency_ns = 1});
      if (sightings.size() < 1000) return;
      if (!store->update(sightings, {})) std::abort();
      sightings.clear();
    };
    for (const auto& peer : peers.ids) {
      const auto id = peer.to_string();
      add(id);
      add(id + "x");
    }
  }
  ~StoredPeers() {
    store.reset();
    std::filesystem::remove(path_);
  }
  StoredPeers(const StoredPeers&) = delete;
  StoredPeers& operator=(const StoredPeers&) = delete;

 private:
  const std::string path_ = std::filesystem::temp_directory_path() /
                            ("peers-bench-" + std::to_string(::getpid()) + ".sqlite");

 public:
  std::shared_ptr<exporter::Peerstore> store = std::make_shared<exporter::Peerstore>(
      exporter::Peerstore::Options{.path = path_}, base::Logger());
};

}  // namespace mexport::node
