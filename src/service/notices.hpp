// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "config/report.hpp"

#include <span>

namespace mexport::service {

/// Into the log, as the component "config".
void log_notices(std::span<const config::Notice> notices, const base::Logger& log);

}  // namespace mexport::service
