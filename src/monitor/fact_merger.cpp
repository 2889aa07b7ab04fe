// SPDX-License-Identifier: MIT
#include "monitor/fact_merger.hpp"

#include <algorithm>

namespace mexport::monitor {

base::SteadyTime FactMerger::cutoff(base::SteadyTime now) const {
  auto cutoff = now - margin_;
  for (const auto* queue : queues_) cutoff = std::min(cutoff, queue->busy_since());
  return cutoff;
}

ObservationQueue* FactMerger::next(base::SteadyTime cutoff) {
  ObservationQueue* oldest = nullptr;
  for (auto* queue : queues_) {
    const auto* item = queue->front();
    if (!item) continue;
    const auto at = time_of(*item);
    if (at >= cutoff) continue;
    cutoff = at;
    oldest = queue;
  }
  return oldest;
}

bool FactMerger::empty() {
  return std::none_of(queues_.begin(), queues_.end(),
                      [](ObservationQueue* queue) { return queue->front() != nullptr; });
}

}  // namespace mexport::monitor
