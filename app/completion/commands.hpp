// SPDX-License-Identifier: MIT
#pragma once

#include "app/command_tree.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace mexport::app::completion {

/// Visits the command and all below it; `path` is "mexport trace cat".
using Visit = std::function<void(const std::string& path, const CommandTree& command)>;
void each_command(const CommandTree& root, const Visit& visit);

/// "\"mexport run\" | \"mexport init\"": the paths of all commands but the root, quoted.
std::string all_paths(const CommandTree& root, std::string_view separator);

/// The positional argument that is not an option, or nullptr.
const ArgumentInfo* positional(const CommandTree& command);

/// In single quotes, as zsh and fish read it.
std::string single_quoted(std::string_view text);

}  // namespace mexport::app::completion
