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

bool equal_secrets(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace mexport::crypto
