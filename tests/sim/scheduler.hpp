// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace mexport::sim {

/// A hash over what happened, in its order: two runs of a seed must have the same.
class Fingerprint {
 public:
  void add(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3; }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

/// The virtual time and what happens in it. What is due at the same moment runs in the order in
/// which it was asked for.
class Scheduler {
 public:
  using Task = std::function<void()>;

  base::SteadyTime now() const { return now_; }
  /// A time that has passed means now.
  void at(base::SteadyTime time, Task task);
  void after(std::chrono::nanoseconds delay, Task task) { at(now_ + delay, std::move(task)); }

  void run_until(base::SteadyTime end);
  /// Drops all that is still to come, also what that asks for.
  void clear();

  Fingerprint& fingerprint() { return fingerprint_; }
  std::uint64_t events() const { return events_; }

 private:
  struct Event {
    base::SteadyTime time;
    std::uint64_t number = 0;
    Task task;
  };
  static bool later(const Event& a, const Event& b) {
    return a.time != b.time ? a.time > b.time : a.number > b.number;
  }

  base::SteadyTime now_{std::chrono::hours(1)};
  std::uint64_t next_number_ = 0;
  std::uint64_t events_ = 0;
  std::vector<Event> heap_;
  Fingerprint fingerprint_;
};

/// The steady clock is the scheduler's; the wall clock is set from time to time.
class SimClock final : public base::Clock {
 public:
  explicit SimClock(const Scheduler& scheduler) : scheduler_(scheduler) {}

  base::SteadyTime now() const override { return scheduler_.now(); }
  base::WallTime wall_now() const override {
    return base::WallTime(scheduler_.now().time_since_epoch() + offset_);
  }
  void step(std::chrono::nanoseconds by) { offset_ += by; }

 private:
  const Scheduler& scheduler_;
  std::chrono::nanoseconds offset_{std::chrono::seconds(1'795'000'000)};
};

}  // namespace mexport::sim
