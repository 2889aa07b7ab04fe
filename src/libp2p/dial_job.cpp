// SPDX-License-Identifier: MIT
#include "libp2p/dial_job.hpp"

#include "libp2p/dialer.hpp"
#include "libp2p/upgrade_set.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {
namespace {

constexpr std::chrono::milliseconds kStagger{250};

DialError error_of(std::error_code error) {
  if (is_local_trouble(error)) return DialError::local;
  return error == std::errc::timed_out ? DialError::timeout : DialError::refused;
}

DialError error_of(UpgradeFailure failure) {
  switch (failure) {
    case UpgradeFailure::peer_mismatch:
      return DialError::wrong_peer;
    case UpgradeFailure::dialled_self:
      return DialError::self;
    case UpgradeFailure::stopped:
      return DialError::stopped;
    case UpgradeFailure::timeout:
    case UpgradeFailure::first_bytes_timeout:
      return DialError::timeout;
    default:
      return DialError::not_upgraded;
  }
}

}  // namespace

DialJob::DialJob(Dialer& dialer, const multiformats::PeerId& peer)
    : dialer_(dialer),
      peer_(peer),
      stagger_([](void* self) { static_cast<DialJob*>(self)->proceed(); }, this) {}

DialJob::~DialJob() {
  drop_attempts();
}

void DialJob::add_address(const multiformats::Multiaddr& address, Transport& transport) {
  if (known_.size() >= kMaxDialAddresses || std::ranges::find(known_, address) != known_.end()) {
    return;
  }
  known_.push_back(address);
  addresses_.push_back({address, &transport});
}

void DialJob::proceed() {
  if (finished_ || !wants_to_proceed()) return;
  if (!dialer_.take_slot()) return;  // the dialer comes back to us
  auto [address, transport] = std::move(addresses_.front());
  addresses_.pop_front();
  const auto attempt = attempts_.insert(attempts_.end(), Attempt{.address = std::move(address)});
  attempt->dial = transport->dial(
      attempt->address, [this, attempt](auto raw) { on_reached(attempt, std::move(raw)); });
  if (addresses_.empty()) return;
  auto& shard = dialer_.swarm().shard();
  shard.timers().arm(stagger_, shard.now() + kStagger);
}

void DialJob::on_reached(AttemptId attempt, base::Result<RawConnectionPtr> raw) {
  if (finished_) return;
  if (!raw) {
    return on_failed(attempt, error_of(raw.error()));
  }
  attempt->upgrade = &dialer_.upgrades().start(std::move(*raw), Direction::outbound, peer_,
                                               [this, attempt](auto outcome) {
                                                 attempt->upgrade = nullptr;
                                                 on_upgraded(attempt, std::move(outcome));
                                               });
  attempt->dial.reset();
}

void DialJob::on_upgraded(AttemptId attempt, UpgradeOutcome outcome) {
  if (!outcome) return on_failed(attempt, error_of(outcome.error()));
  dialer_.on_attempt_succeeded(peer_, attempt->address);
  Connection& connection = dialer_.adopt(std::move(*outcome));
  finish(&connection);
}

void DialJob::on_failed(AttemptId attempt, DialError error) {
  last_error_ = error;
  if (error != DialError::stopped) dialer_.on_attempt_failed(peer_, attempt->address, error);
  ended_.splice(ended_.end(), attempts_, attempt);
  dialer_.return_slot();
  if (addresses_.empty() && attempts_.empty()) return finish(base::fail(last_error_));
  proceed();
}

void DialJob::finish(base::Result<Connection*> result) {
  if (std::exchange(finished_, true)) return;
  stagger_.disarm();
  drop_attempts();
  dialer_.on_finished(*this);
  for (const auto& callback : std::exchange(callbacks_, {})) callback(result);
}

void DialJob::drop_attempts() {
  for (Attempt& attempt : attempts_) {
    if (attempt.upgrade != nullptr)
      dialer_.upgrades().cancel(*std::exchange(attempt.upgrade, nullptr));
    dialer_.return_slot();
  }
  ended_.splice(ended_.end(), attempts_);
}

}  // namespace mexport::libp2p
