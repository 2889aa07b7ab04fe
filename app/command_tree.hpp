// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mexport::app {

/// What may stand where a value is expected.
enum class ValueKind : std::uint8_t { none, text, choice, file, directory };

/// An option, or a positional argument: then `names` is empty.
struct ArgumentInfo {
  std::vector<std::string> names;  ///< "--config", "-f"
  std::string description;
  ValueKind value = ValueKind::none;
  std::vector<std::string> choices;  ///< of a choice
};

/// A command with its arguments and subcommands, as far as shell completion needs it.
struct CommandTree {
  std::string name;
  std::string description;
  std::vector<ArgumentInfo> arguments;
  std::vector<CommandTree> subcommands;
};

}  // namespace mexport::app
