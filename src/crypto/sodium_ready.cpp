// SPDX-License-Identifier: MIT
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <stdexcept>

namespace mexport::crypto {

void ensure_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

}  // namespace mexport::crypto
