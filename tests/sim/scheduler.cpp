// SPDX-License-Identifier: MIT
#include "tests/sim/scheduler.hpp"

#include "tests/sim/accounting.hpp"

#include <algorithm>
#include <utility>

namespace mexport::sim {

void Scheduler::at(base::SteadyTime time, Task task) {
  const OwnerScope scope(Owner::world);
  heap_.push_back({std::max(time, now_), next_number_++, std::move(task)});
  std::ranges::push_heap(heap_, later);
}

void Scheduler::run_until(base::SteadyTime end) {
  while (!heap_.empty() && heap_.front().time <= end) {
    std::ranges::pop_heap(heap_, later);
    const Event event = std::move(heap_.back());
    heap_.pop_back();
    now_ = event.time;
    ++events_;
    fingerprint_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    fingerprint_.add(event.number);
    event.task();
  }
  now_ = std::max(now_, end);
}

void Scheduler::clear() {
  while (!heap_.empty()) std::exchange(heap_, {}).clear();
}

}  // namespace mexport::sim
