// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace mexport::exporter::amqp {

/// Which of several brokers is tried next, and when: each in its order at once, then all of them
/// again after a pause that doubles with each round that failed. One owner, one thread.
class Attempts {
 public:
  struct Pauses {
    std::chrono::milliseconds first{250};
    std::chrono::milliseconds longest{5000};
  };
  /// A connection that was lost sooner counts as an attempt that failed.
  static constexpr std::chrono::seconds kProven{10};

  /// `random` must outlive it.
  Attempts(std::size_t brokers, Pauses pauses, base::Random& random)
      : brokers_(brokers), pauses_(pauses), pause_(pauses.first), random_(random) {}

  std::size_t broker() const { return broker_; }
  bool due(base::SteadyTime now) const { return now >= not_before_; }

  void failed(base::SteadyTime now) {
    broker_ = (broker_ + 1) % brokers_;
    if (++failures_ % brokers_ != 0) return;
    // Up to a quarter less, so that those who lost a broker together don't come back together.
    const auto quarter = static_cast<std::uint64_t>(pause_.count() / 4);
    not_before_ = now + pause_ - std::chrono::milliseconds(random_.below(quarter + 1));
    pause_ = std::min(pause_ * 2, pauses_.longest);
  }
  /// The connection that was made at `since` is gone. The same broker is tried first.
  void lost(base::SteadyTime since, base::SteadyTime now) {
    if (now - since < kProven) {
      failed(now);
      return;
    }
    failures_ = 0;
    pause_ = pauses_.first;
    not_before_ = now;
  }

 private:
  std::size_t brokers_;
  Pauses pauses_;
  std::chrono::milliseconds pause_;
  base::Random& random_;
  std::size_t broker_ = 0;
  std::size_t failures_ = 0;
  base::SteadyTime not_before_{};
};

}  // namespace mexport::exporter::amqp
