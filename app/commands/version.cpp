// SPDX-License-Identifier: MIT
#include "app/commands/version.hpp"

#include "app/output.hpp"

#include "service/version.hpp"
#include <fmt/format.h>

namespace mexport::app {

int show_version(const VersionOptions&) {
  return print(fmt::format("mexport {}\n", service::version()));
}

}  // namespace mexport::app
