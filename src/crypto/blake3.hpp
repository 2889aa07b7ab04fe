// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

namespace mexport::crypto {

/// BLAKE3's unkeyed hash of `data`; fills all of `out`, whose first 32 bytes are the usual digest.
void blake3(base::ByteView data, base::MutableByteView out);

}  // namespace mexport::crypto
