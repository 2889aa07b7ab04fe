// SPDX-License-Identifier: MIT
#include "config/monitor_name.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace mexport::config {
namespace {

constexpr std::size_t kMaxHostName = 256;

/// Beside the dot and the slash: white space, controls, and a backslash for the sake of tools.
bool is_forbidden(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code <= ' ' || code == 0x7f || c == '.' || c == '/' || c == '\\';
}

}  // namespace

bool is_valid_monitor_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxMonitorNameSize &&
         std::ranges::none_of(name, is_forbidden);
}

std::string host_name() {
  std::array<char, kMaxHostName> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace mexport::config
