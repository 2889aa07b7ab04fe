// SPDX-License-Identifier: MIT
#pragma once

#include "app/held_blocks.hpp"
#include "app/liveness.hpp"
#include "app/status.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "config/document.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/peer_names.hpp"
#include "node/demo_peers.hpp"
#include "node/node.hpp"
#include "node/shard_pool.hpp"

#include "service/service.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::app {

/// Where all parts come together: shards, a node on them, and the service that records what it
/// hears. Belongs to one thread, which is none of theirs.
class Run {
 public:
  struct Options {
    config::Config config;  ///< with identity
    std::optional<std::size_t> demo_peers;
    std::optional<monitor::PeerKey> peer_key;  ///< where peer ids are to be keyed
    std::string api_token;                     ///< where the API is served
    /// As of api::Sources; outlives the run.
    std::function<void(std::string_view component, base::LogLevel)> set_log_level;
  };

  /// Runs when it returns: addresses are bound, the first trace file has begun. The error is a line
  /// for the operator; nothing runs then, and no trace file was made.
  static std::expected<std::unique_ptr<Run>, std::string> start(const Options& options,
                                                                base::Logger log);
  /// Stops.
  ~Run();

  /// As bound, with the real ports and our id: "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…".
  std::vector<std::string> listen_addresses() const;

  /// Of the API, as bound: "http://127.0.0.1:8432".
  std::vector<std::string> api_urls() const;

  Totals totals();
  /// Refusals, protocol errors and failures by name, zeros included.
  std::map<std::string, std::uint64_t> counters();

  /// What Prometheus reads, in its text format. Thread-safe; may take tens of milliseconds.
  std::string metrics_text() const { return service_->metrics_text(); }

  /// Serves what has come into the block store; to be called each HeldBlocks::kInterval.
  void look_at_blocks() { blocks_->look(); }

  /// Whether all threads still do their work; to be asked every now and then.
  bool alive() { return liveness_->look(clock_.now()); }

  /// Begins new trace files.
  void reopen();

  /// Ends the API, closes all connections with the shutdown code, writes what was heard, completes
  /// the trace files: within kApiPatience for the first, kStopPatience each for the network and for
  /// the files. Idempotent. What was counted can be asked for afterwards.
  void stop();
  static constexpr std::chrono::milliseconds kApiPatience{500};
  static constexpr std::chrono::milliseconds kStopPatience{2000};

 private:
  explicit Run(base::Logger log) : log_(std::move(log)) {}
  std::expected<void, std::string> assemble(const Options& options);
  std::expected<void, std::string> start_shards(const config::Config& config);
  std::expected<void, std::string> start_node(const config::Config& config);
  /// Raises the limit on open files, says what that allows, and decides how many connections.
  std::size_t settle_connection_limit(const node::NodeLimits& limits);
  void watch_threads();
  std::expected<void, std::string> start_demo(std::size_t peers);

  base::Logger log_;
  base::SystemClock clock_;
  base::SeededRandom random_{base::system_entropy()};
  libp2p::ConnectionIds connection_ids_;
  // From here on each uses those before it: the order of destruction matters.
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<node::ShardPool> shards_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<HeldBlocks> blocks_;
  std::unique_ptr<Liveness> liveness_;
  std::unique_ptr<node::DemoPeers> demo_;
};

}  // namespace mexport::app
