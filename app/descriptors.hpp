// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace mexport::app {

/// Raises the process's limit on open files as far as it may, and returns it: each connection takes
/// one.
std::size_t raise_descriptor_limit();

}  // namespace mexport::app
