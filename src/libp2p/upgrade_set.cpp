// SPDX-License-Identifier: MIT
#include "libp2p/upgrade_set.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

UpgradeSet::~UpgradeSet() {
  context_.shard.forget(*this);
}

Upgrade& UpgradeSet::start(RawConnectionPtr raw, Direction direction,
                           const multiformats::PeerId& expected, Callback done) {
  if (direction == Direction::inbound) {
    make_room();
    ++inbound_;
  }
  counters_.handshakes.add();
  UpgradeOwner& owner = *this;
  auto upgrade = std::make_unique<Upgrade>(context_, owner, std::move(raw), direction, expected);
  Upgrade& started = *upgrade;
  running_.push_back({std::move(upgrade), std::move(done)});
  started.start();
  return started;
}

void UpgradeSet::make_room() {
  if (max_inbound_ == 0 || inbound_ < max_inbound_) return;
  const auto oldest = std::ranges::find_if(running_, [](const Running& running) {
    return running.upgrade->direction() == Direction::inbound;
  });
  oldest->upgrade->fail(UpgradeFailure::supplanted);
}

void UpgradeSet::cancel(Upgrade& upgrade) {
  upgrade.cancel();
  take(upgrade);
}

void UpgradeSet::stop() {
  while (!running_.empty()) running_.front().upgrade->fail(UpgradeFailure::stopped);
}

UpgradeSet::Callback UpgradeSet::take(Upgrade& upgrade) {
  const auto found = std::ranges::find_if(
      running_, [&](const Running& running) { return running.upgrade.get() == &upgrade; });
  if (found == running_.end()) return {};
  auto done = std::move(found->done);
  // Destroyed later, since its own code may be running.
  ended_.push_back(std::move(found->upgrade));
  running_.erase(found);
  if (upgrade.direction() == Direction::inbound) --inbound_;
  counters_.handshakes.sub();
  context_.shard.flush_at_end(*this);
  return done;
}

void UpgradeSet::count_security(const Upgrade& upgrade, bool secured) {
  if (upgrade.put_off()) counters_.security_put_off.add();
  const auto protocol = upgrade.security();
  if (!protocol) return;
  auto& counters = secured ? counters_.secured : counters_.security_failed;
  counters[static_cast<std::size_t>(*protocol)].add();
}

void UpgradeSet::on_upgrade_done(Upgrade& upgrade, UpgradeOutcome outcome) {
  auto done = take(upgrade);
  count_security(upgrade, outcome.has_value());
  if (!outcome) {
    auto& failed = upgrade.direction() == Direction::inbound ? counters_.handshake_failed_inbound
                                                             : counters_.handshake_failed_outbound;
    failed[static_cast<std::size_t>(outcome.error())].add();
  }
  if (done) done(std::move(outcome));
}

}  // namespace mexport::libp2p
