// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

#include <expected>
#include <string>

namespace mexport::app {

/// The command line asked for nothing but a text, or is wrong.
struct EarlyExit {
  int code = 0;
  std::string text;  ///< for stdout when the code is 0, else one line for stderr
};

std::expected<Command, EarlyExit> parse_command_line(int argc, const char* const* argv);

}  // namespace mexport::app
