// SPDX-License-Identifier: MIT
#pragma once

#include "app/command_tree.hpp"

#include <string>

namespace mexport::app::completion {

/// The completion script for bash.
std::string bash_script(const CommandTree& root);

}  // namespace mexport::app::completion
