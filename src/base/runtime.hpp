// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/timer_wheel.hpp"

#include <functional>

namespace mexport::base {

/// What a shard offers to all that lives on it: time, timers, randomness, a way to run something
/// later. The driver implements it over epoll, the simulation over a virtual clock. All members are
/// for the shard's own thread, except post().
class Runtime {
 public:
  virtual ~Runtime() = default;

  /// The time of what is being handled now: refreshed when bytes have been read and before timers
  /// run.
  virtual SteadyTime now() const = 0;
  virtual TimerWheel& timers() = 0;
  virtual Random& random() = 0;

  /// Runs `task` on the shard's thread after what runs now. From any thread. Tasks posted after the
  /// shard has stopped are destroyed without being run.
  virtual void post(std::function<void()> task) = 0;
};

}  // namespace mexport::base
