// SPDX-License-Identifier: MIT
#include "app/completion/commands.hpp"

#include <algorithm>

namespace mexport::app::completion {

namespace {

void visit_below(const std::string& path, const CommandTree& command, const Visit& visit) {
  visit(path, command);
  for (const auto& child : command.subcommands) visit_below(path + " " + child.name, child, visit);
}

}  // namespace

void each_command(const CommandTree& root, const Visit& visit) {
  visit_below(root.name, root, visit);
}

std::string all_paths(const CommandTree& root, std::string_view separator) {
  std::string paths;
  each_command(root, [&](const std::string& path, const CommandTree& command) {
    if (&command == &root) return;
    if (!paths.empty()) paths += separator;
    paths += '"' + path + '"';
  });
  return paths;
}

const ArgumentInfo* positional(const CommandTree& command) {
  const auto found = std::ranges::find_if(
      command.arguments, [](const ArgumentInfo& argument) { return argument.names.empty(); });
  return found == command.arguments.end() ? nullptr : &*found;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace mexport::app::completion
