// SPDX-License-Identifier: MIT
#include "monitor/event_clock.hpp"

#include <algorithm>

namespace mexport::monitor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr milliseconds kMaxSlew{10};  // per second
constexpr milliseconds kHalfSpeed{500};

struct Sample {
  base::SteadyTime at;
  nanoseconds difference;  // wall - steady
};

Sample measure(const base::Clock& clock) {
  const auto before = clock.now();
  const auto wall = clock.wall_now();
  const auto at = before + (clock.now() - before) / 2;
  return {at, wall.time_since_epoch() - at.time_since_epoch()};
}

}  // namespace

EventClock::EventClock(const base::Clock& clock) : clock_(clock) {
  const auto first = measure(clock_);
  sampled_at_ = first.at;
  measured_ = offset_ = first.difference;
}

bool EventClock::sample() {
  const auto found = measure(clock_);
  const auto step = found.difference - measured_;
  offset_ = offset_at(found.at);
  sampled_at_ = found.at;
  measured_ = found.difference;
  follow(measured_ - offset_);
  state_.ahead = offset_ - measured_;
  if (std::chrono::abs(step) < kSmall) return false;
  ++state_.steps;
  state_.last_step = step;
  return true;
}

void EventClock::follow(nanoseconds difference) {
  slew_ = nanoseconds(0);
  if (difference >= kSmall) {
    offset_ += difference;
  } else if (difference > -kSmall) {
    slew_ = std::clamp<nanoseconds>(difference, -kMaxSlew, kMaxSlew);
  } else {
    slew_ = std::max<nanoseconds>(difference, -kHalfSpeed);
  }
}

base::WallTime EventClock::to_utc(base::SteadyTime at) {
  const base::WallTime utc(at.time_since_epoch() + offset_at(at));
  last_ = std::max(last_, utc);
  return last_;
}

nanoseconds EventClock::offset_at(base::SteadyTime at) const {
  const auto since = std::clamp<nanoseconds>(at - sampled_at_, nanoseconds(0), seconds(1));
  return offset_ + nanoseconds(slew_.count() * since.count() / nanoseconds(seconds(1)).count());
}

}  // namespace mexport::monitor
