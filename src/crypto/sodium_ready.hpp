// SPDX-License-Identifier: MIT
#pragma once

namespace mexport::crypto {

/// Lets libsodium choose its fastest code for this processor and open the random source; cheap
/// when that has happened. Throws std::runtime_error when there is no randomness.
void ensure_sodium();

}  // namespace mexport::crypto
