// SPDX-License-Identifier: MIT
#pragma once

#include "app/command_tree.hpp"

#include <string>

namespace mexport::app::completion {

/// The completion script for zsh.
std::string zsh_script(const CommandTree& root);

}  // namespace mexport::app::completion
