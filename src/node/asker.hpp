// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "base/rate_limit.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/privacy.hpp"
#include "node/ask_plan.hpp"
#include "node/backward_walk.hpp"
#include "node/peer_ask.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mexport::node {

/// How a shard's peers are asked.
struct AskerOptions {
  /// A peer can be asked so long after it has connected.
  std::chrono::milliseconds ready_after{1'000};
  /// So long after a failure, and up to a sixth more.
  std::chrono::milliseconds rest_after_failure{30'000};
  AskPatience patience;
  base::Rate peers{.interval = std::chrono::microseconds(200), .burst = 64};
  std::size_t at_once = 8'192;  ///< peers whose message is not out
  /// The same in bytes of messages; one is sent whatever its size.
  std::size_t unsent_bytes = std::size_t{64} << 20;
};

/// What an Asker tells its owner.
class AskerEvents {
 public:
  /// A wantlist of ours goes to a peer, `size` bytes of protobuf.
  virtual void on_asked(libp2p::Connection& connection,
                        const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                        wire::BitswapProtocol protocol, std::size_t size,
                        std::uint64_t request) = 0;

 protected:
  ~AskerEvents() = default;
};

/// Written on the shard, read from anywhere.
struct AskerCounters {
  base::Counter sent;    ///< messages that are out
  base::Counter failed;  ///< messages that were given up

  /// By name, zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

/// Whether a peer that identify told these protocols of can be asked; null: it has told nothing.
bool speaks_bitswap(const std::vector<std::string>* protocols);

/// One connection of each peer that can be asked, the oldest.
std::vector<std::uint64_t> askable_connections(const libp2p::PeerDirectory& directory,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter);

/// Asks the peers of one node on one shard what the discovery probe wants to know: at a pace that
/// leaves the shard its work, several asks at a time. Idle peers cost nothing. Made, used and
/// destroyed on the shard.
class Asker final : private PeerAsk::Events {
 public:
  /// All outlive it; attachments of the swarm's connections outlive what is under way.
  Asker(libp2p::Swarm& swarm, const base::Clock& clock, const monitor::Privacy& privacy,
        AskerEvents& events, AskerOptions options);
  ~Asker();

  void start(std::shared_ptr<AskPlan> plan);
  /// Which requests of the last few this message answers, by its blocks and presences.
  std::vector<std::uint64_t> answered(libp2p::Connection& connection,
                                      const wire::BitswapMessage& message) const;
  /// To be called from SwarmEvents::on_disconnected().
  void on_disconnected(libp2p::Connection& connection);
  /// Sends the CANCELs that are owed and ends all asks; new ones end at once.
  void stop();

  const AskerCounters& counters() const { return counters_; }

 private:
  struct Run {
    std::shared_ptr<AskPlan> plan;
    BackwardWalk walk;
    std::unordered_set<std::uint64_t> asked;  // connections
    std::size_t open = 0;                     // of them, not finished
  };

  struct Asked {
    std::shared_ptr<PeerAsk> ask;
    Run* run;
    libp2p::Connection* connection;
  };

  void on_sending() override;
  void on_written(PeerAsk& ask, const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                  wire::BitswapProtocol protocol, std::size_t size) override;
  void on_sent(PeerAsk& ask, bool failed) override;
  void on_finished(PeerAsk& ask) override;

  bool tell_answers(const libp2p::Connection& connection, const AskedPeer::Asked& asked,
                    const wire::BitswapMessage& message) const;
  void pump();
  std::size_t allowance(const Run& run);
  void walk(Run& run);
  bool may_ask(Run& run, libp2p::Connection& connection);
  void ask(Run& run, libp2p::Connection& connection);
  AskedPeer& peer_of(libp2p::Connection& connection);
  void remove_done_runs();

  libp2p::Swarm& swarm_;
  const base::Clock& clock_;
  const monitor::Privacy& privacy_;
  AskerEvents& events_;
  const AskerOptions options_;
  AskerCounters counters_;
  base::Timer timer_;
  base::RateLimit rate_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::unordered_map<PeerAsk*, Asked> asks_;
  std::size_t sending_ = 0;
  bool stopped_ = false;
};

}  // namespace mexport::node
