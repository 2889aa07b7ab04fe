// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/peerstore/peerstore.hpp"
#include "monitor/peer_view.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// A peer that is listed though there never is a connection to it: our own node.
struct UnconnectedPeer {
  std::string peer;                      ///< base58btc
  std::vector<std::string> addresses{};  ///< multiaddr texts at which it listens
};

/// The result of the reference's `sample_peer_metadata`, made in pieces, so that of 100,000 peers
/// only some hundreds are text at a time:
///
///     {"timestamp":"…Z","num_connections":2,"peer_metadata":[{"peer_id":"12D3KooW…",
///     "connectedness":1,"multiaddresses":[],"protocols":["/ipfs/id/1.0.0"],"agent_version":"N/A",
///     "latency_ewma_ns":null,"connected_multiaddresses":["/ip4/192.0.2.1/tcp/4001"]}]}
///
/// Connectedness is 1 for peers, and 0 for those listed without a connection; never 4, which ends
/// the reference's consumers.
class PeerMetadata {
 public:
  /// Pieces end once they have so much text and no sooner than what is left of the peers does.
  static constexpr std::size_t kPiece = std::size_t{64} << 10;

  /// Who is listed, beside those that are connected.
  struct Unconnected {
    std::vector<UnconnectedPeer> own{};
    bool known = false;  ///< all that the store knows
  };

  /// `store` tells the addresses of the connected, and may be null.
  PeerMetadata(std::unique_ptr<monitor::PeerCursor> peers, base::WallTime now,
               std::shared_ptr<Peerstore> store, Unconnected unconnected);

  /// Appends the next piece to `out`. False when that was the last.
  bool next(std::string& out);

 private:
  void begin(std::string& out);
  /// Of those connected, then of those known; false when there are no more.
  bool next_connected(std::string& out);
  bool next_known(std::string& out);
  void append(const monitor::PeerView& peer, std::string& out);
  void append_own(const UnconnectedPeer& peer, std::string& out);
  void append_known(const KnownPeer& peer, std::string& out);
  void separate(std::string& out);
  bool is_listed(const KnownPeer& peer) const;

  std::unique_ptr<monitor::PeerCursor> peers_;
  base::WallTime now_;
  std::shared_ptr<Peerstore> store_;
  Unconnected unconnected_;
  std::vector<monitor::PeerView> piece_;  // whose memory is used again
  std::vector<std::int64_t> listed_;      // ids of the connected; sorted once all are there
  std::int64_t known_after_ = 0;
  std::int64_t known_through_ = 0;
  bool begun_ = false;
  bool empty_ = true;
  bool connected_ended_ = false;
  bool ended_ = false;
};

}  // namespace mexport::exporter
