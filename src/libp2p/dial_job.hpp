// SPDX-License-Identifier: MIT
#pragma once

#include "base/timer_wheel.hpp"
#include "libp2p/dial_error.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/transport.hpp"
#include "libp2p/upgrade.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <system_error>
#include <vector>

namespace mexport::libp2p {

class Dialer;

/// The way to one peer: its addresses one after the other, each some time after the one before or
/// as soon as that has failed; the first that leads to a connection ends the others
/// (RFC 8305: happy eyeballs). One shard.
class DialJob {
 public:
  DialJob(Dialer& dialer, const multiformats::PeerId& peer);
  /// Cancels what is under way.
  ~DialJob();
  DialJob(const DialJob&) = delete;
  DialJob& operator=(const DialJob&) = delete;

  const multiformats::PeerId& peer() const { return peer_; }
  void add_address(const multiformats::Multiaddr& address, Transport& transport);
  void add_callback(Swarm::DialCallback callback) { callbacks_.push_back(std::move(callback)); }

  /// Tries the next address, if there is one and room for it; also called when room has come.
  void proceed();
  bool wants_to_proceed() const { return !addresses_.empty() && attempts_.size() < kMaxAttempts; }

  /// Cancels what is under way and calls back.
  void finish(base::Result<Connection*> result);

 private:
  static constexpr std::size_t kMaxAttempts = 8;

  struct Address {
    multiformats::Multiaddr address;
    Transport* transport = nullptr;
  };
  struct Attempt {
    multiformats::Multiaddr address;
    std::unique_ptr<PendingDial> dial{};  // until it is reached
    Upgrade* upgrade = nullptr;           // from then on
  };
  using AttemptId = std::list<Attempt>::iterator;

  void on_reached(AttemptId attempt, base::Result<RawConnectionPtr> raw);
  void on_upgraded(AttemptId attempt, UpgradeOutcome outcome);
  void on_failed(AttemptId attempt, DialError error);
  void drop_attempts();

  Dialer& dialer_;
  multiformats::PeerId peer_;
  std::deque<Address> addresses_;  // not tried yet
  std::vector<multiformats::Multiaddr> known_;
  std::list<Attempt> attempts_;
  std::list<Attempt> ended_;  // until the job is destroyed: an attempt may be what calls us
  std::vector<Swarm::DialCallback> callbacks_;
  base::Timer stagger_;
  DialError last_error_ = DialError::no_address;
  bool finished_ = false;
};

}  // namespace mexport::libp2p
