// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport compare`: kSuccess however much differs; kFailure when a part of a record could not be
/// read.
int compare_two(const CompareOptions& options);

}  // namespace mexport::app
