// SPDX-License-Identifier: MIT
#include "crypto/secret.hpp"

#include "crypto/sodium_ready.hpp"

#include <sodium.h>

namespace mexport::crypto {

void wipe(base::MutableByteView bytes) {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

void fill_random(base::MutableByteView bytes) {
  ensure_sodium();
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace mexport::crypto
