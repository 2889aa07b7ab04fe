// SPDX-License-Identifier: MIT
#pragma once

#include "app/metrics.hpp"
#include "app/status.hpp"
#include "app/watched_host.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "config/document.hpp"
#include "export/pipeline.hpp"
#include "export/system_disk.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/privacy.hpp"
#include "node/demo_peers.hpp"
#include "node/node.hpp"
#include "node/shard_pool.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mexport::app {

/// Where all parts come together: shards, a node on them, the pipeline from their facts to the
/// trace files. Belongs to one thread, which is none of theirs.
class Run {
 public:
  struct Options {
    config::Config config;  ///< with identity
    std::optional<std::size_t> demo_peers;
    std::optional<monitor::PeerKey> peer_key;  ///< where peer ids are to be keyed
  };

  /// Runs when it returns: addresses are bound, the first trace file has begun. The error is a line
  /// for the operator; nothing runs then, and no trace file was made.
  static std::expected<std::unique_ptr<Run>, std::string> start(const Options& options,
                                                                base::Logger log);
  /// Stops.
  ~Run();

  /// As bound, with the real ports and our id: "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…".
  std::vector<std::string> listen_addresses() const;

  Totals totals();
  /// Refusals, protocol errors and failures by name, zeros included.
  std::map<std::string, std::uint64_t> counters();

  /// What Prometheus reads, in its text format. Thread-safe; may take tens of milliseconds.
  std::string metrics_text() const { return metrics_->text(); }

  /// Begins new trace files.
  void reopen();

  /// Closes all connections with the shutdown code, writes what was heard, completes the trace
  /// files: within kStopPatience each for the network and for the files. Idempotent. What was
  /// counted can be asked for afterwards.
  void stop();
  static constexpr std::chrono::milliseconds kStopPatience{2000};

 private:
  explicit Run(base::Logger log) : log_(std::move(log)) {}
  std::expected<void, std::string> assemble(const Options& options);
  std::expected<void, std::string> add_trace_sink(const config::Config& config);
  std::expected<void, std::string> add_amqp_sink(const config::Config& config);
  std::expected<void, std::string> start_shards(const config::Config& config);
  std::expected<void, std::string> start_node(const config::Config& config);
  /// Raises the limit on open files, says what that allows, and decides how many connections.
  std::size_t settle_connection_limit(const node::NodeLimits& limits);
  std::expected<void, std::string> start_demo(std::size_t peers);

  base::Logger log_;
  base::SystemClock clock_;
  base::SeededRandom random_{base::system_entropy()};
  exporter::SystemDisk disk_;
  libp2p::ConnectionIds connection_ids_;
  std::shared_ptr<const monitor::Privacy> privacy_;
  // From here on each uses those before it: the order of destruction matters.
  std::unique_ptr<exporter::Pipeline> pipeline_;
  std::unique_ptr<node::ShardPool> shards_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<WatchedHost> host_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<node::DemoPeers> demo_;
};

}  // namespace mexport::app
