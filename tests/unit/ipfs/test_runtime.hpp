// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "base/runtime.hpp"

#include <chrono>
#include <functional>

namespace mexport::ipfs {

/// A shard on a virtual clock.
class TestRuntime final : public base::Runtime {
 public:
  base::SteadyTime now() const override { return now_; }
  base::TimerWheel& timers() override { return timers_; }
  base::Random& random() override { return random_; }
  void post(std::function<void()> task) override { task(); }

  void advance(std::chrono::milliseconds by) {
    now_ += by;
    timers_.advance(now_);
  }

 private:
  base::SteadyTime now_{};
  base::TimerWheel timers_{now_};
  base::SeededRandom random_{1};
};

}  // namespace mexport::ipfs
