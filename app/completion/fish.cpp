// SPDX-License-Identifier: MIT
#include "app/completion/fish.hpp"

#include "app/completion/commands.hpp"

#include <fmt/format.h>

namespace mexport::app::completion {

namespace {

constexpr const char* kTemplate = R"(# fish completion for mexport
function __mexport_at
    set -l at mexport
    for word in (commandline -opc)
        switch "$at $word"
            case {paths}
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c mexport -f
{commands})";

std::string option_names(const ArgumentInfo& argument) {
  std::string names;
  for (const auto& name : argument.names) {
    const bool is_long = name.starts_with("--");
    names += fmt::format(" -{} {}", is_long ? 'l' : 's', name.substr(is_long ? 2 : 1));
  }
  return names;
}

std::string completer(const ArgumentInfo& argument) {
  switch (argument.value) {
    case ValueKind::choice:
      return fmt::format(" -x -a '{}'", fmt::join(argument.choices, " "));
    case ValueKind::file:
      return argument.names.empty() ? " -F" : " -r -F";
    case ValueKind::directory:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::text:
      return " -x";
    case ValueKind::none:
      return "";
  }
  return "";
}

std::string lines_of(const std::string& path, const CommandTree& command) {
  const auto begin = fmt::format("complete -c mexport -n '__mexport_at \"{}\"'", path);
  std::string lines;
  for (const auto& child : command.subcommands) {
    lines += fmt::format("{} -a {} -d {}\n", begin, child.name, single_quoted(child.description));
  }
  for (const auto& argument : command.arguments) {
    lines += fmt::format("{}{}{} -d {}\n", begin, option_names(argument), completer(argument),
                         single_quoted(argument.description));
  }
  return lines;
}

}  // namespace

std::string fish_script(const CommandTree& root) {
  std::string commands;
  each_command(root, [&](const std::string& path, const CommandTree& command) {
    commands += lines_of(path, command);
  });
  return fmt::format(kTemplate, fmt::arg("paths", all_paths(root, " ")),
                     fmt::arg("commands", commands));
}

}  // namespace mexport::app::completion
