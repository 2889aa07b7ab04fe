// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace mexport::sim {

/// Prints what a seed found, and how to repeat it; whether it found nothing. `count` may be more
/// than `faults` has.
inline bool report_faults(std::uint64_t seed, std::uint64_t count,
                          const std::vector<std::string>& faults, const std::string& program) {
  if (count == 0) return true;
  fmt::print("seed {} found {} faults:\n", seed, count);
  for (const auto& fault : faults) fmt::print("  {}\n", fault);
  fmt::print("to repeat: {} --seed {} --verbose\n", program, seed);
  (void)std::fflush(stdout);
  return false;
}

}  // namespace mexport::sim
