// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/dial_backoff.hpp"
#include "libp2p/dial_job.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/swarm.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace mexport::libp2p {

/// Addresses of one peer that are tried in one dial.
inline constexpr std::size_t kMaxDialAddresses = 32;
/// Peers that are dialled or wait for their turn; further ones are refused.
inline constexpr std::size_t kMaxDialJobs = 4096;

/// Whether failures of the last minutes keep an address from being tried.
enum class Backoff : std::uint8_t { respect, ignore };

/// A swarm's way out: one job per peer, however often it is asked for. One shard.
class Dialer final : private Flushable {
 public:
  explicit Dialer(Swarm& swarm);
  ~Dialer();

  /// As Swarm::dial(). With Backoff::ignore also when the node has all the connections that it may.
  void dial(const multiformats::PeerId& peer, std::span<const multiformats::Multiaddr> addresses,
            Backoff backoff, Swarm::DialCallback callback);
  /// Fails all.
  void stop();

  std::size_t job_count() const { return jobs_.size(); }

 private:
  friend class DialJob;

  Swarm& swarm() { return swarm_; }
  UpgradeSet& upgrades();
  Connection& adopt(Upgraded upgraded);
  /// Room for one more attempt; when there is none, jobs are called once there is.
  bool take_slot();
  void return_slot();
  void on_attempt_failed(const multiformats::PeerId& peer, const multiformats::Multiaddr& address,
                         DialError error);
  void on_attempt_succeeded(const multiformats::PeerId& peer,
                            const multiformats::Multiaddr& address);
  void on_finished(DialJob& job);

  DialError add_addresses(DialJob& job, std::span<const multiformats::Multiaddr> addresses,
                          Backoff backoff);
  Transport* transport_for(const multiformats::Multiaddr& address);
  void flush() override;

  Swarm& swarm_;
  DialBackoff backoff_;
  std::unordered_map<multiformats::PeerId, std::unique_ptr<DialJob>> jobs_;
  std::vector<std::unique_ptr<DialJob>> finished_;  // until the wake-up ends
  std::size_t in_flight_ = 0;
  bool room_wanted_ = false;
};

}  // namespace mexport::libp2p
