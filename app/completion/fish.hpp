// SPDX-License-Identifier: MIT
#pragma once

#include "app/command_tree.hpp"

#include <string>

namespace mexport::app::completion {

/// The completion script for fish.
std::string fish_script(const CommandTree& root);

}  // namespace mexport::app::completion
