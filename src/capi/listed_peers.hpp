// SPDX-License-Identifier: MIT
#pragma once

#include "capi/connection_table.hpp"
#include "monitor/peer_view.hpp"
#include "monitor/privacy.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace mexport::capi {

class ForeignHost;

/// As Privacy shows it; nothing is added for one that is excluded.
void add_view(const Peer& peer, const monitor::Privacy& privacy,
              std::vector<monitor::PeerView>& views);

/// The peers of a host, some at a time.
class ListedPeers final : public monitor::PeerCursor {
 public:
  static constexpr std::size_t kPiece = 256;

  /// `host` outlives it.
  ListedPeers(ForeignHost& host, std::vector<multiformats::PeerId> ids, std::size_t connections)
      : host_(host), ids_(std::move(ids)), connections_(connections) {}

  bool next(std::vector<monitor::PeerView>& piece) override;
  std::size_t connections() const override { return connections_; }

 private:
  ForeignHost& host_;
  const std::vector<multiformats::PeerId> ids_;
  const std::size_t connections_;
  std::size_t next_ = 0;
};

}  // namespace mexport::capi
