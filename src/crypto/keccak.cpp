// SPDX-License-Identifier: MIT
// The permutation follows FIPS 202, section 3.2; the padding is that of the original submission.
#include "crypto/keccak.hpp"

#include <bit>
#include <cstddef>

namespace mexport::crypto {
namespace {

using State = std::array<std::uint64_t, 25>;  // lane (x, y) at x + 5 y

constexpr std::array<std::uint64_t, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

void mix_columns(State& a) {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t x = 0; x < 5; ++x) {
    parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  }
  for (std::size_t x = 0; x < 5; ++x) {
    const auto d = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
    for (std::size_t y = 0; y < 25; y += 5) a[x + y] ^= d;
  }
}

// Rotates each lane by its triangular number and moves it to its next place (steps rho and pi).
void rotate_and_move(State& a) {
  std::size_t x = 1;
  std::size_t y = 0;
  auto lane = a[1];
  for (int t = 0; t < 24; ++t) {
    const auto next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    const auto moved = std::rotl(lane, (t + 1) * (t + 2) / 2 % 64);
    lane = a[x + 5 * y];
    a[x + 5 * y] = moved;
  }
}

void mix_rows(State& a) {
  for (std::size_t y = 0; y < 25; y += 5) {
    const std::array<std::uint64_t, 5> row = {a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
    for (std::size_t x = 0; x < 5; ++x) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
}

void permute(State& a) {
  for (const auto constant : kRoundConstants) {
    mix_columns(a);
    rotate_and_move(a);
    mix_rows(a);
    a[0] ^= constant;
  }
}

void absorb_byte(State& a, std::size_t position, std::uint8_t byte) {
  a[position / 8] ^= std::uint64_t{byte} << (8 * (position % 8));
}

template <std::size_t N>
std::array<std::uint8_t, N> keccak(base::ByteView data) {
  constexpr std::size_t kRate = 200 - 2 * N;
  State state{};
  std::size_t position = 0;
  for (const auto byte : data) {
    absorb_byte(state, position, byte);
    if (++position == kRate) {
      permute(state);
      position = 0;
    }
  }
  absorb_byte(state, position, 0x01);
  absorb_byte(state, kRate - 1, 0x80);
  permute(state);
  std::array<std::uint8_t, N> digest{};
  for (std::size_t i = 0; i < N; ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 8] >> (8 * (i % 8)));
  }
  return digest;
}

}  // namespace

std::array<std::uint8_t, 32> keccak_256(base::ByteView data) {
  return keccak<32>(data);
}

std::array<std::uint8_t, 64> keccak_512(base::ByteView data) {
  return keccak<64>(data);
}

}  // namespace mexport::crypto
