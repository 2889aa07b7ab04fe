// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/shard.hpp"
#include "libp2p/swarm_counters.hpp"
#include "libp2p/upgrade.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <vector>

namespace mexport::libp2p {

/// A swarm's handshakes in progress, oldest first. One shard.
class UpgradeSet final : private UpgradeOwner, private Flushable {
 public:
  /// Destroyed with what it holds once the upgrade has ended, called or not.
  using Callback = std::move_only_function<void(UpgradeOutcome)>;

  /// `context` and `counters` outlive the set. 0 for `max_inbound`: no limit.
  UpgradeSet(const Upgrade::Context& context, std::size_t max_inbound, SwarmCounters& counters)
      : context_(context), max_inbound_(max_inbound), counters_(counters) {}
  ~UpgradeSet();

  /// Calls back once, never from within, unless cancelled. When there are too many inbound ones,
  /// the oldest fails.
  Upgrade& start(RawConnectionPtr raw, Direction direction, const multiformats::PeerId& expected,
                 Callback done);
  /// Ends it without its callback.
  void cancel(Upgrade& upgrade);
  /// Fails all.
  void stop();

  std::size_t size() const { return running_.size(); }
  std::size_t inbound() const { return inbound_; }

 private:
  struct Running {
    std::unique_ptr<Upgrade> upgrade;
    Callback done;
  };

  void on_upgrade_done(Upgrade& upgrade, UpgradeOutcome outcome) override;
  void flush() override { ended_.clear(); }
  Callback take(Upgrade& upgrade);
  void count_security(const Upgrade& upgrade, bool secured);
  void make_room();

  const Upgrade::Context& context_;
  std::size_t max_inbound_;
  SwarmCounters& counters_;
  std::list<Running> running_;
  std::vector<std::unique_ptr<Upgrade>> ended_;  // until the wake-up ends
  std::size_t inbound_ = 0;
};

}  // namespace mexport::libp2p
