// SPDX-License-Identifier: MIT
#include "crypto/secret.hpp"

#include <sodium.h>

namespace mexport::crypto {

void wipe(base::MutableByteView bytes) {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace mexport::crypto
