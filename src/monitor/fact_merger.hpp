// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "monitor/observation_queue.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace mexport::monitor {

/// Brings the facts of several queues into the order of their times. A fact may go out when no
/// writer can still submit an older one: when its time is before every busy writer's begin of batch
/// and before now. One owner, the export thread.
class FactMerger {
 public:
  /// `margin` covers the moment between a writer's reading of the clock and its begin_batch().
  /// A writer that is held up for longer there may have a fact come late; EventClock keeps its
  /// timestamp in order then.
  explicit FactMerger(std::chrono::nanoseconds margin) : margin_(margin) {}

  /// The queue must outlive the merger.
  void add(ObservationQueue& queue) { queues_.push_back(&queue); }

  /// Up to where facts may go out. `now` must have been read before the call.
  base::SteadyTime cutoff(base::SteadyTime now) const;
  /// The queue whose oldest item is the oldest of all and before `cutoff`, or nullptr.
  ObservationQueue* next(base::SteadyTime cutoff);
  /// Whether anything waits, due or not.
  bool empty();

 private:
  std::chrono::nanoseconds margin_;
  std::vector<ObservationQueue*> queues_;
};

}  // namespace mexport::monitor
