// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "base/rate_limit.hpp"
#include "base/runtime.hpp"
#include "monitor/ask_plan.hpp"
#include "monitor/asked_peer.hpp"
#include "monitor/backward_walk.hpp"
#include "monitor/peer_ask.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mexport::monitor {

/// How a thread's peers are asked.
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

/// Where an Asker finds peers: the connections that its thread holds, by their place in a list that
/// changes as BackwardWalk says. And who is told what it sends.
class AskSite {
 public:
  virtual std::size_t size() const = 0;
  virtual std::uint64_t id(std::size_t index) const = 0;
  struct State {
    base::SteadyTime opened_at;
    bool closing = false;
    const std::vector<std::string>* protocols = nullptr;  ///< null: identify has told nothing
    const AskedPeer* asked = nullptr;                     ///< null: not yet
  };
  virtual State state(std::size_t index) const = 0;
  /// Whether it may not be asked: Privacy excludes it, or it is no connection to ask over.
  virtual bool excluded(std::size_t index) const = 0;
  /// Made by the first call; stays until the connection has gone and what is under way with it.
  virtual AskedPeer& peer(std::size_t index) = 0;
  /// A wantlist of ours goes to a peer, `size` bytes of protobuf.
  virtual void on_asked(AskedPeer& peer,
                        const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                        wire::BitswapProtocol protocol, std::size_t size,
                        std::uint64_t request) = 0;

 protected:
  ~AskSite() = default;
};

/// Written on its thread, read from anywhere.
struct AskerCounters {
  base::Counter sent;    ///< messages that are out
  base::Counter failed;  ///< messages that were given up

  /// By name, zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

/// Whether a peer that identify told these protocols of can be asked; null: it has told nothing.
bool speaks_bitswap(const std::vector<std::string>* protocols);

/// Asks the peers on one thread of a host what the discovery probe wants to know: at a pace that
/// leaves the thread its work, several asks at a time. Idle peers cost nothing. Made, used and
/// destroyed on that thread.
class Asker final : private PeerAsk::Events {
 public:
  /// All outlive it.
  Asker(base::Runtime& runtime, const base::Clock& clock, AskSite& site, AskerOptions options);
  ~Asker();

  void start(std::shared_ptr<AskPlan> plan);
  /// Which requests of the last few this message answers, by its blocks and presences.
  std::vector<std::uint64_t> answered(const AskedPeer& peer,
                                      const wire::BitswapMessage& message) const;
  /// To be called when its connection is going.
  void on_disconnected(const AskedPeer& peer);
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
  };

  void on_sending() override;
  void on_written(PeerAsk& ask, const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                  wire::BitswapProtocol protocol, std::size_t size) override;
  void on_sent(PeerAsk& ask, bool failed) override;
  void on_finished(PeerAsk& ask) override;

  bool tell_answers(const AskedPeer& peer, const AskedPeer::Asked& asked,
                    const wire::BitswapMessage& message) const;
  void pump();
  std::size_t allowance(const Run& run);
  void walk(Run& run);
  bool may_ask(Run& run, std::size_t index);
  void ask(Run& run, std::size_t index);
  void remove_done_runs();

  base::Runtime& runtime_;
  const base::Clock& clock_;
  AskSite& site_;
  const AskerOptions options_;
  AskerCounters counters_;
  base::Timer timer_;
  base::RateLimit rate_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::unordered_map<PeerAsk*, Asked> asks_;
  std::size_t sending_ = 0;
  bool stopped_ = false;
};

}  // namespace mexport::monitor
