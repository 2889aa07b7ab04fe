// SPDX-License-Identifier: MIT
#include "app/version.hpp"

namespace mexport::app {

std::string_view version() {
  return MEXPORT_VERSION;
}

std::string agent_version() {
  return "mexport/" + std::string(version());
}

}  // namespace mexport::app
