// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

namespace mexport::fuzz {

/// A property of a decoder: ends the process when it does not hold, which libFuzzer reports.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace mexport::fuzz
