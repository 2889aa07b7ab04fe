// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/rate_limit.hpp"
#include "base/result.hpp"
#include "export/amqp/body_store.hpp"
#include "export/amqp/flow.hpp"
#include "export/gap_log.hpp"
#include "export/histogram.hpp"
#include "monitor/loss.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter::amqp {

/// Which body is sent when, and what becomes of it: the window of unconfirmed publishings, confirms
/// and returns, what is kept in the store, its replay, and what is given up. No I/O but the
/// store's; the time is the caller's. One owner, one thread.
///
/// Bodies of one routing key go out in their order. After a failure those that were not confirmed
/// go out again, in their order, before all others: consumers may see them twice.
class Delivery {
 public:
  struct Options {
    std::size_t window_bodies = 256;      ///< unconfirmed, of all routing keys together
    std::size_t window_bytes = 16 << 20;  ///< the same, compressed
    std::chrono::nanoseconds store_after{
        std::chrono::milliseconds(100)};  ///< what is not confirmed
    /// What no queue is bound for is kept for so long: after it comes back first, and after an
    /// outage. Then it is lost.
    std::chrono::nanoseconds hold_live{0};
    std::chrono::nanoseconds hold_outage{std::chrono::minutes(10)};
    /// Of one routing key, compressed; the oldest beyond it are lost sooner.
    std::uint64_t hold_bytes = std::uint64_t{1} << 30;
    std::chrono::nanoseconds retry_interval{std::chrono::milliseconds(500)};  ///< of what came back
    double replay_rate = 200;  ///< bodies per second; twice the live rate if that is more
    std::size_t pending_bytes = 16 << 20;  ///< not yet stored; more is not wanted then
  };

  struct Counters {
    std::uint64_t confirmed = 0;  ///< bodies
    std::uint64_t returned = 0;   ///< deliveries, as the next one
    std::uint64_t refused = 0;
    std::uint64_t published = 0;
    std::uint64_t republished = 0;                             ///< of them, not the first try
    std::uint64_t stored = 0;                                  ///< bodies that went to the store
    std::uint64_t bytes = 0;                                   ///< published
    std::uint64_t uncompressed = 0;                            ///< of them, before compression
    std::array<std::uint64_t, monitor::kEventKinds> events{};  ///< confirmed and not returned
    monitor::LossTable lost{};
    LatencyHistogram latency;
    SizeHistogram batch_events;  ///< of bodies, at their first try
  };

  /// `store` must outlive it; what it holds is replayed.
  Delivery(Options options, BodyStore& store);

  /// A new body. It is wanted unless full().
  void add(SpooledBody body, base::SteadyTime now);
  bool full() const { return pending_bytes() >= options_.pending_bytes; }

  /// The state of the link: a new one, none (also: an attempt that failed), one that is blocked.
  void connected(base::SteadyTime now);
  void disconnected(base::SteadyTime now);
  void set_blocked(bool blocked) { blocked_ = blocked; }

  /// What is to be sent now; null when nothing may be. Valid until the next call of anything else.
  const Outgoing* next(base::SteadyTime now);
  /// The body that next() gave has been sent; `tag` is higher than those before on this link.
  void sent(std::uint64_t tag, base::SteadyTime now);

  void acknowledged(std::uint64_t tag, bool multiple, base::SteadyTime now);
  void refused(std::uint64_t tag, bool multiple, base::SteadyTime now);
  /// Comes before the acknowledgement of the same delivery.
  void returned(std::string_view routing_key, std::string_view run_id, std::uint64_t first);

  /// Stores what has waited, forgets what is through, loads what can be sent. An error is the
  /// store's; everything goes on with what memory holds.
  base::Status upkeep(base::SteadyTime now);
  /// Stores everything that is not confirmed.
  base::Status store_all(base::SteadyTime now);
  /// The end: what is in memory alone is lost, by `reason`.
  void give_up(monitor::LossReason reason);

  /// Whether the store would not take what it was given last.
  bool store_failing() const { return store_failing_; }
  bool idle() const;
  std::size_t in_flight() const { return in_flight_; }
  /// Whether something waits to be sent, now or later.
  bool has_waiting() const;
  std::optional<base::WallTime> oldest_made() const;
  const Counters& counters() const { return counters_; }
  /// What was lost, until somebody takes it.
  GapLog& gaps() { return gaps_; }

 private:
  enum class Verdict : std::uint8_t { taken, refused };

  Flow& flow_of(const std::string& routing_key);
  Flow* next_flow(base::SteadyTime now);
  bool may_send(Flow& flow, base::SteadyTime now);
  void resolve(std::uint64_t tag, bool multiple, Verdict verdict, base::SteadyTime now);
  void resolve(Flow& flow, Outgoing& outgoing, Verdict verdict, base::SteadyTime now);
  void deliver(Flow& flow, Outgoing& outgoing, base::SteadyTime now);
  void hold(Flow& flow, Outgoing& outgoing, base::SteadyTime now);
  void refuse(Flow& flow, Outgoing& outgoing, base::SteadyTime now);
  void try_again(Flow& flow, Outgoing& outgoing, base::SteadyTime now);
  void lose(Flow& flow, Outgoing& outgoing, monitor::LossReason reason);
  void land(Outgoing& outgoing, Flow& flow);
  bool store_due(base::SteadyTime now) const;
  base::Status pass_cursors(base::SteadyTime now, bool all);
  base::Status load(base::SteadyTime now);
  void measure_held();
  void give_up_backlog(Flow& flow, monitor::LossReason reason);
  void count_lost(const SpooledBody& body, monitor::LossReason reason);
  std::size_t pending_bytes() const;
  base::Rate replay_rate() const;
  void measure_live(base::SteadyTime now);

  const Options options_;
  BodyStore& store_;
  std::map<std::string, Flow, std::less<>> flows_;
  std::string last_flow_;  // that sent last: the others come first
  Flow* offered_flow_ = nullptr;
  Outgoing* offered_ = nullptr;

  bool connected_ = false;
  bool blocked_ = false;
  bool outage_ = false;  // since the last connection, or before the first
  std::size_t in_flight_ = 0;
  std::size_t in_flight_bytes_ = 0;

  base::RateLimit replay_limit_;
  bool replay_paid_ = false;  // for the body that is offered
  double live_rate_ = 0;      // bodies per second
  std::uint64_t live_bodies_ = 0;
  base::SteadyTime live_since_{};

  base::SteadyTime store_retry_{};
  base::SteadyTime load_retry_{};
  bool store_failing_ = false;
  base::SteadyTime cursors_due_{};
  Counters counters_;
  GapLog gaps_;
};

}  // namespace mexport::exporter::amqp
