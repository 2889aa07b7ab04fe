// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace mexport::base {

/// Where randomness comes from, so that tests and the simulation can repeat a run.
/// Not for keys: those come from `crypto`, from the operating system.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;

  /// Uniform in [0, bound); 0 when bound is 0.
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
};

/// xoshiro256**; cheap, and good enough for jitter and ids. One owner, one thread.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 4> state_{};
};

/// 64 bits from the operating system's generator.
std::uint64_t system_entropy();

}  // namespace mexport::base
