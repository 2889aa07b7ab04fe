// SPDX-License-Identifier: MIT
#include "config/report.hpp"

namespace mexport::config {

std::string to_string(const ConfigError& error) {
  return "Config error: " + error.path + ": found " + error.found + ", allowed: " + error.allowed;
}

std::string to_string(const Notice& notice) {
  return notice.path + ": " + notice.message;
}

}  // namespace mexport::config
