// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"

#include <cstdint>

namespace mexport::sim {

/// While it lives, OpenSSL draws from a seed: its signatures have other lengths with other numbers,
/// and so have its handshakes. One at a time.
class OpenSslRandom {
 public:
  explicit OpenSslRandom(std::uint64_t seed);
  ~OpenSslRandom();
  OpenSslRandom(const OpenSslRandom&) = delete;
  OpenSslRandom& operator=(const OpenSslRandom&) = delete;

 private:
  base::SeededRandom random_;
};

}  // namespace mexport::sim
