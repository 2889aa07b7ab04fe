// SPDX-License-Identifier: MIT
#include "service/version.hpp"

namespace mexport::service {

std::string_view version() {
  return MEXPORT_VERSION;
}

std::string agent_version(std::string_view contact) {
  auto text = "mexport/" + std::string(version());
  if (!contact.empty()) text.append(" (+").append(contact).append(")");
  return text;
}

}  // namespace mexport::service
