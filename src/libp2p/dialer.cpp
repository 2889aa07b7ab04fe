// SPDX-License-Identifier: MIT
#include "libp2p/dialer.hpp"

#include "libp2p/upgrade_set.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {
namespace {

using multiformats::Multiaddr;
using multiformats::PeerId;

bool is_v6(const Multiaddr& address) {
  const auto ip = address.ip();
  return ip && ip->v6;
}

/// IPv6 first, then both families in turn.
std::vector<Multiaddr> in_dial_order(std::span<const Multiaddr> addresses) {
  std::vector<Multiaddr> six;
  std::vector<Multiaddr> four;
  for (const Multiaddr& address : addresses) (is_v6(address) ? six : four).push_back(address);
  std::vector<Multiaddr> mixed;
  for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
    if (i < six.size()) mixed.push_back(std::move(six[i]));
    if (i < four.size()) mixed.push_back(std::move(four[i]));
  }
  return mixed;
}

}  // namespace

Dialer::Dialer(Swarm& swarm) : swarm_(swarm), backoff_(swarm.shard().random()) {}

Dialer::~Dialer() {
  jobs_.clear();
  swarm_.shard().forget(*this);
}

UpgradeSet& Dialer::upgrades() {
  return *swarm_.upgrades_;
}

Connection& Dialer::adopt(Upgraded upgraded) {
  Admission* admission = swarm_.parts_.admission;
  return swarm_.adopt(std::move(upgraded),
                      admission != nullptr ? admission->enter() : Admission::Place());
}

void Dialer::dial(const PeerId& peer, std::span<const Multiaddr> addresses, Backoff backoff,
                  Swarm::DialCallback callback) {
  if (peer == swarm_.local_peer()) return callback(base::fail(DialError::self));
  if (swarm_.stopping_) return callback(base::fail(DialError::stopped));
  if (Connection* open = swarm_.find_connection(peer)) return callback(open);

  // Those that the operator asked for get in even so.
  const Admission* admission = swarm_.parts_.admission;
  if (backoff == Backoff::respect && admission != nullptr && admission->full()) {
    swarm_.counters_.dials_without_room.add();
    return callback(base::fail(DialError::no_room));
  }
  const auto found = jobs_.find(peer);
  if (found != jobs_.end()) {
    found->second->add_callback(std::move(callback));
    add_addresses(*found->second, addresses, backoff);
    return found->second->proceed();
  }
  if (jobs_.size() >= kMaxDialJobs) return callback(base::fail(DialError::too_many));
  auto job = std::make_unique<DialJob>(*this, peer);
  const auto trouble = add_addresses(*job, addresses, backoff);
  if (!job->wants_to_proceed()) return callback(base::fail(trouble));
  job->add_callback(std::move(callback));
  DialJob& started = *jobs_.emplace(peer, std::move(job)).first->second;
  started.proceed();
}

/// Says why the last one that was left out was left out.
DialError Dialer::add_addresses(DialJob& job, std::span<const Multiaddr> addresses,
                                Backoff backoff) {
  auto trouble = DialError::no_address;
  for (const Multiaddr& full : in_dial_order(addresses)) {
    const auto named = full.peer_id();
    const Multiaddr address = full.without_p2p();
    Transport* transport = transport_for(address);
    if (transport == nullptr || (named && *named != job.peer())) continue;
    if (!swarm_.options().address_rules.allows(address)) {
      swarm_.counters_.dials_forbidden.add();
      trouble = DialError::forbidden;
    } else if (backoff == Backoff::respect &&
               backoff_.blocked(job.peer(), address, swarm_.shard().now())) {
      swarm_.counters_.dials_backed_off.add();
      trouble = DialError::backed_off;
    } else {
      job.add_address(address, *transport);
    }
  }
  return trouble;
}

Transport* Dialer::transport_for(const Multiaddr& address) {
  const auto found = std::ranges::find_if(
      swarm_.transports_, [&](const Transport* transport) { return transport->can_dial(address); });
  return found == swarm_.transports_.end() ? nullptr : *found;
}

void Dialer::stop() {
  while (!jobs_.empty()) jobs_.begin()->second->finish(base::fail(DialError::stopped));
}

bool Dialer::take_slot() {
  if (in_flight_ >= swarm_.options().max_dials) {
    room_wanted_ = true;
    return false;
  }
  ++in_flight_;
  swarm_.counters_.dials.add();
  return true;
}

void Dialer::return_slot() {
  --in_flight_;
  if (room_wanted_) swarm_.shard().flush_at_end(*this);
}

void Dialer::on_attempt_failed(const PeerId& peer, const Multiaddr& address, DialError error) {
  const auto& log = swarm_.parts_.log;
  if (log.enabled(base::LogLevel::debug)) {
    log.debug("dial to {} failed: {}", swarm_.parts_.events.log_name(&peer, address),
              make_error_code(error).message());
  }
  swarm_.counters_.dials_failed.add();
  if (error == DialError::local) return swarm_.counters_.dials_failed_locally.add();
  backoff_.failed(peer, address, swarm_.shard().now());
}

void Dialer::on_attempt_succeeded(const PeerId& peer, const Multiaddr& address) {
  backoff_.succeeded(peer, address);
}

void Dialer::on_finished(DialJob& job) {
  const auto found = jobs_.find(job.peer());
  finished_.push_back(std::move(found->second));
  jobs_.erase(found);
  swarm_.shard().flush_at_end(*this);
}

void Dialer::flush() {
  finished_.clear();
  if (!std::exchange(room_wanted_, false)) return;
  std::vector<PeerId> waiting;
  for (const auto& [peer, job] : jobs_) {
    if (job->wants_to_proceed()) waiting.push_back(peer);
  }
  for (const PeerId& peer : waiting) {
    if (const auto found = jobs_.find(peer); found != jobs_.end()) found->second->proceed();
  }
}

}  // namespace mexport::libp2p
