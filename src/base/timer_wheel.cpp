// SPDX-License-Identifier: MIT
#include "base/timer_wheel.hpp"

#include <algorithm>

namespace mexport::base {

using std::chrono::milliseconds;

Timer::~Timer() {
  disarm();
}

void Timer::disarm() {
  if (wheel_ != nullptr) wheel_->unlink(*this);
}

TimerWheel::~TimerWheel() {
  for (Timer* head : slots_) {
    for (Timer* timer = head; timer != nullptr;) {
      Timer* next = timer->next_;
      timer->wheel_ = nullptr;
      timer->previous_ = timer->next_ = nullptr;
      timer = next;
    }
  }
}

void TimerWheel::arm(Timer& timer, SteadyTime at) {
  timer.disarm();
  const auto since_start = std::max(at - start_, SteadyTime::duration::zero());
  // Rounded up: a timer never runs before its time.
  const auto ticks = std::chrono::ceil<milliseconds>(since_start).count();
  timer.tick_ = std::max(static_cast<std::uint64_t>(ticks), current_tick_ + (advancing_ ? 1 : 0));
  link(timer);
}

void TimerWheel::link(Timer& timer) {
  const std::uint64_t distance = timer.tick_ - current_tick_;
  unsigned level = 0;
  while (level + 1 < kLevels && distance >> (kBits * (level + 1)) != 0) ++level;
  const std::uint64_t reach = (std::uint64_t{1} << (kBits * kLevels)) - 1;
  const std::uint64_t tick = std::min(timer.tick_, current_tick_ + reach);
  const auto slot =
      static_cast<std::uint32_t>(level * kSlots + ((tick >> (kBits * level)) & (kSlots - 1)));
  timer.wheel_ = this;
  timer.slot_ = slot;
  timer.previous_ = nullptr;
  timer.next_ = slots_[slot];
  if (timer.next_ != nullptr) timer.next_->previous_ = &timer;
  slots_[slot] = &timer;
  occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  ++armed_;
}

void TimerWheel::unlink(Timer& timer) {
  if (timer.previous_ != nullptr) {
    timer.previous_->next_ = timer.next_;
  } else {
    slots_[timer.slot_] = timer.next_;
    if (timer.next_ == nullptr) {
      occupied_[timer.slot_ / 64] &= ~(std::uint64_t{1} << (timer.slot_ % 64));
    }
  }
  if (timer.next_ != nullptr) timer.next_->previous_ = timer.previous_;
  timer.previous_ = timer.next_ = nullptr;
  timer.wheel_ = nullptr;
  --armed_;
}

// Moves the timers of the current slot of `level` down to where they belong now.
void TimerWheel::cascade(unsigned level) {
  const auto slot = static_cast<std::uint32_t>(level * kSlots +
                                               ((current_tick_ >> (kBits * level)) & (kSlots - 1)));
  Timer* timer = slots_[slot];
  while (timer != nullptr) {
    Timer* next = timer->next_;
    unlink(*timer);
    link(*timer);
    timer = next;
  }
}

void TimerWheel::expire_slot(std::uint32_t slot) {
  while (Timer* timer = slots_[slot]) {
    unlink(*timer);
    timer->on_expiry_(timer->owner_);
  }
}

// The next tick at which a slot of the lowest level is occupied or a higher level cascades.
std::uint64_t TimerWheel::next_busy_tick() const {
  if ((current_tick_ & (kSlots - 1)) == 0) return current_tick_;  // the higher levels come first
  const std::uint64_t turn_end = (current_tick_ | (kSlots - 1)) + 1;
  for (std::uint64_t tick = current_tick_; tick < turn_end;) {
    const auto slot = static_cast<std::uint32_t>(tick & (kSlots - 1));
    const std::uint64_t rest = occupied_[slot / 64] >> (slot % 64);
    if (rest != 0) return tick + static_cast<unsigned>(__builtin_ctzll(rest));
    tick += 64 - slot % 64;
  }
  return turn_end;
}

void TimerWheel::advance(SteadyTime now) {
  if (now < start_ || advancing_) return;
  const auto target =
      static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(now - start_).count());
  advancing_ = true;
  while (current_tick_ <= target && armed_ > 0) {
    run_current_tick();
    ++current_tick_;
    current_tick_ = std::min(next_busy_tick(), std::max(target + 1, current_tick_));
  }
  advancing_ = false;
  if (armed_ == 0) current_tick_ = std::max(current_tick_, target + 1);
}

void TimerWheel::run_current_tick() {
  const auto slot = static_cast<std::uint32_t>(current_tick_ & (kSlots - 1));
  if (slot == 0) {
    for (unsigned level = kLevels - 1; level > 0; --level) {
      const std::uint64_t below = (std::uint64_t{1} << (kBits * level)) - 1;
      if ((current_tick_ & below) == 0) cascade(level);
    }
  }
  expire_slot(slot);
}

std::optional<SteadyTime> TimerWheel::next_expiry() const {
  if (armed_ == 0) return std::nullopt;
  return start_ + milliseconds(next_busy_tick());
}

}  // namespace mexport::base
