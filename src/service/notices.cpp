// SPDX-License-Identifier: MIT
#include "service/notices.hpp"

namespace mexport::service {

void log_notices(std::span<const config::Notice> notices, const base::Logger& log) {
  const auto config_log = log.with_component("config");
  for (const auto& notice : notices) {
    if (notice.level == base::LogLevel::info) {
      config_log.info("{}", config::to_string(notice));
    } else {
      config_log.warn("{}", config::to_string(notice));
    }
  }
}

}  // namespace mexport::service
