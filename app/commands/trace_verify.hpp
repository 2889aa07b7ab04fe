// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport trace verify`: looks for unexplained gaps, disorder and damage; kFailure when there is
/// any.
int trace_verify(const TraceVerifyOptions& options);

}  // namespace mexport::app
