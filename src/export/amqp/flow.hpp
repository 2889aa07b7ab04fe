// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/spool/spool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace mexport::exporter::amqp {

/// Events of one run that consumers miss before a body, as their numbers tell; both included.
struct MissingRange {
  std::string run_id;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const MissingRange&) const = default;
};

/// What consumers may want to know of a body's place among the others of its routing key.
struct BodyContext {
  std::optional<MissingRange> missing;  ///< between it and the body before
  /// When the body before it is another run's: that run, and how far it got. What the run recorded
  /// after that is lost.
  std::optional<SpoolCursor> previous;
};

/// A body on its way, or about to be.
struct Outgoing {
  SpooledBody body;
  BodyContext context;
  base::SteadyTime added;
  base::SteadyTime first_sent;
  std::uint64_t tag = 0;  ///< of its delivery, while it is in flight
  bool in_flight = false;
  bool returned = false;  ///< by the delivery that is in flight
  bool done = false;      ///< confirmed or given up; waits for those before it
  bool replayed = false;  ///< not sent as it came: the replay's rate holds for it
  bool evicted = false;   ///< the store has let it go while it was in flight: it is here alone

  bool waiting() const { return !in_flight && !done; }
  bool stored() const { return body.id != 0; }
};

/// The bodies of one routing key in their order: those about to be sent or in flight (`front`),
/// then those of which only the store knows (`backlog`), then those that it does not know yet
/// (`pending`). One owner, one thread.
class Flow {
 public:
  /// At most so many are kept in memory beside the pending ones.
  struct Limits {
    std::size_t bodies = 256;
    std::size_t bytes = 16 << 20;
  };

  Flow(std::string routing_key, Limits limits, std::uint64_t backlog,
       std::optional<SpoolCursor> cursor);

  const std::string& routing_key() const { return routing_key_; }

  /// A new body behind all others.
  void add(SpooledBody body, base::SteadyTime now);
  /// The oldest of the backlog, as they come from the store. Those without a body, which the disk
  /// has damaged, are dropped.
  void load(std::vector<SpooledBody> bodies, base::SteadyTime now);
  bool wants_load() const { return backlog_ > 0 && has_room(); }
  std::size_t room() const { return limits_.bodies - std::min(limits_.bodies, front_.size()); }
  /// The id behind which to load.
  std::int64_t loaded_id() const { return loaded_id_; }
  /// The store had nothing to load although the backlog was thought to hold something.
  void no_backlog() { backlog_ = 0; }

  /// What is to be stored, oldest first, is moved out; stored() gives it back.
  std::vector<SpooledBody> take_unstored();
  /// `bodies` as take_unstored() returned them, with ids when `kept`.
  void stored(std::vector<SpooledBody> bodies, bool kept, base::SteadyTime now);
  /// The end: what the store never got.
  std::vector<SpooledBody> forget_pending();
  /// Since when the oldest of what take_unstored() would return is here.
  std::optional<base::SteadyTime> unstored_since() const;
  std::size_t pending_bytes() const { return pending_bytes_; }

  /// The store has let this one go. True when it is lost by that; one that is in flight may still
  /// be confirmed.
  bool evict(const SpooledBody& body);

  std::deque<Outgoing>& front() { return front_; }
  const std::deque<Outgoing>& front() const { return front_; }
  /// The first that is to be sent; null when there is none.
  Outgoing* next_waiting();
  bool idle() const { return front_.empty() && backlog_ == 0 && pending_.empty(); }
  std::uint64_t backlog() const { return backlog_; }
  std::optional<base::WallTime> oldest_made() const;

  /// It will not be sent any more; what follows it says that it is missing.
  void drop(Outgoing& outgoing);
  /// Forgets what is done at the front, by which cursor() moves.
  void settle();
  /// How far everything is through, when that has changed since the last call.
  std::optional<SpoolCursor> take_cursor();
  bool cursor_moved() const { return cursor_moved_; }

  std::size_t in_flight = 0;      ///< of `front`
  bool probing = false;           ///< one at a time, until one is confirmed and not returned
  base::SteadyTime not_before{};  ///< nothing is sent earlier
  std::optional<base::SteadyTime> hold_until;     ///< until then what is returned is kept
  std::optional<base::SteadyTime> refused_since;  ///< nacks, with nothing confirmed since
  bool hold_spent = false;                        ///< the hold of live bodies has been used up
  std::uint64_t hold_excess = 0;                  ///< bytes beyond what may be held

 private:
  bool has_room() const { return front_.size() < limits_.bodies && front_bytes_ < limits_.bytes; }
  void enter(SpooledBody body, base::SteadyTime now, bool replayed);
  void admit_pending();
  void note_dropped(const MissingRange& range);
  void tell_dropped(Outgoing& next);

  std::string routing_key_;
  Limits limits_;
  std::deque<Outgoing> front_;
  std::size_t front_bytes_ = 0;
  std::uint64_t backlog_ = 0;
  struct Pending {
    SpooledBody body;
    base::SteadyTime added;
  };
  std::deque<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  std::size_t taken_front_ = 0;  // of what take_unstored() moved out, so many are in front_

  std::int64_t loaded_id_ = 0;
  SpoolCursor entered_;  // the last that came to front_; no run before the first
  // To be told with what is sent next, one of each run, oldest first.
  std::vector<MissingRange> dropped_;
  std::optional<SpoolCursor> dropped_previous_;
  SpoolCursor cursor_;
  bool cursor_moved_ = false;
};

}  // namespace mexport::exporter::amqp
