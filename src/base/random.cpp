// SPDX-License-Identifier: MIT
#include "base/random.hpp"

#include <bit>
#include <cstdlib>
#include <sys/random.h>

namespace mexport::base {

namespace {

// splitmix64, which spreads a small seed over the whole state.
std::uint64_t spread(std::uint64_t& seed) {
  seed += 0x9e3779b97f4a7c15;
  std::uint64_t z = seed;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (auto& word : state_) word = spread(seed);
}

std::uint64_t SeededRandom::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t system_entropy() {
  std::uint64_t value = 0;
  // 8 bytes are never returned in part, and a started system's generator never fails.
  if (getrandom(&value, sizeof value, 0) != sizeof value) std::abort();
  return value;
}

}  // namespace mexport::base
