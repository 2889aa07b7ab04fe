// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "base/runtime.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/connection.hpp"
#include "monitor/observation.hpp"
#include "node/long_messages.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mexport::node {

/// Pauses, by their reason. Written on the shard, read from anywhere.
struct IntakeCounters {
  base::Counter paused_for_share;
  base::Counter paused_for_long_message;
  base::Counter closed_for_slow_messages;

  /// By name, zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

/// How fast connections may fill what stands between their sockets and the disk: who is ahead of
/// the others is not read from for a while, so that the network slows it down and nothing is lost.
///
/// - A connection's messages that wait for the export thread: up to an eighth of what is free, so
///   that there is always room for one more connection.
/// - Long messages that are on their way: so many at once as fit together with what waits. Others
///   wait their turn, each with kLongMessage bytes come. Whoever has its turn and does not keep
///   `pace` makes way for the next, and goes on beside it; of those the ones that began first are
///   disconnected while they are beyond `slow`.
///
/// A pause ends after `patience` whatever happens, since keep-alives wait too. A long message waits
/// on after it, now without more window: what it has left of that comes, and all else. It is let in
/// without room once it has waited as long as it would take at `pace`, one message after the other:
/// nobody can stop others for longer. One per node and shard; lives on the shard.
class Intake {
 public:
  struct Limits {
    std::size_t waiting = 8 << 20;        ///< of a shard's messages: nothing is free beyond it
    std::size_t always = 64 << 10;        ///< of one connection's
    std::chrono::milliseconds look{5};    ///< at pauses, while there are any
    std::chrono::milliseconds turn{500};  ///< of a long message, until it is asked for its pace
    std::size_t pace = 128 << 10;         ///< bytes per second
    std::size_t slow = 4 << 20;           ///< bytes of messages that do not keep it, or one
    std::chrono::milliseconds patience{5'000};
  };

  /// All outlive it.
  Intake(base::Runtime& runtime, const monitor::ObservationSink& sink, LongMessages& all)
      : Intake(runtime, sink, all, Limits()) {}
  Intake(base::Runtime& runtime, const monitor::ObservationSink& sink, LongMessages& all,
         const Limits& limits);
  /// Gives back what its connections hold of `all`.
  ~Intake();
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  /// A message of the connection has been recorded; `waiting` is what of its messages waits, and
  /// stays valid until disconnected().
  void recorded(libp2p::Connection& connection, const monitor::WaitingBytes& waiting) {
    if (waiting.value() > limits_.always && over_share(waiting)) pause(connection, waiting);
  }
  /// The lengths of its long messages that are on their way have changed.
  void long_message(libp2p::Connection& connection, std::size_t before, std::size_t now);
  void disconnected(libp2p::Connection& connection);

  const IntakeCounters& counters() const { return counters_; }

 private:
  struct OverShare {
    libp2p::Connection* connection = nullptr;
    const monitor::WaitingBytes* waiting = nullptr;
    base::SteadyTime until;
  };
  struct Long {
    libp2p::Connection* connection = nullptr;
    std::size_t size = 0;     // of all its long messages
    base::SteadyTime until;   // the end of its turn or, while it waits, of its patience
    base::SteadyTime next;    // when it is asked for its pace or, while it is paused, read again
    std::uint64_t bytes = 0;  // had come when it was last asked
    enum class State : std::uint8_t { paused, waiting, turn, overdue } state = State::paused;

    bool waits() const { return state == State::paused || state == State::waiting; }
  };

  bool over_share(const monitor::WaitingBytes& waiting) const;
  bool anyone_waits() const;
  void pause(libp2p::Connection& connection, const monitor::WaitingBytes& waiting);
  void begin_long(libp2p::Connection& connection, std::size_t size);
  void end_long(std::vector<Long>::iterator entry);
  void begin_turn(Long& entry, base::SteadyTime now);
  void end_turns(base::SteadyTime now);
  bool keeps_pace(Long& entry, base::SteadyTime now) const;
  void end_slowest();
  void end_pauses(base::SteadyTime now);
  void admit(base::SteadyTime now);
  void look();
  void look_again();
  void follow(libp2p::Connection& connection);
  std::chrono::milliseconds at_pace(std::size_t bytes) const;

  base::Runtime& runtime_;
  const monitor::ObservationSink& sink_;
  LongMessages& all_;
  const Limits limits_;
  std::vector<OverShare> over_share_;
  std::vector<Long> long_;  // the oldest first
  base::SteadyTime next_without_room_;
  base::SteadyTime look_at_;  // while timer_ is armed
  base::Timer timer_;
  IntakeCounters counters_;
};

}  // namespace mexport::node
