// SPDX-License-Identifier: MIT
#include "app/completion/zsh.hpp"

#include "app/completion/commands.hpp"

#include <fmt/format.h>

namespace mexport::app::completion {

namespace {

constexpr const char* kTemplate = R"(#compdef mexport
# zsh completion for mexport
_mexport() {{
  local at=mexport word
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$at $word" in
      ({paths}) at="$at $word" ;;
    esac
  done
  case "$at ${{words[CURRENT-1]}}" in
{values}  esac
  local -a commands options
  local files=
  case "$at" in
{commands}  esac
  if [[ ${{words[CURRENT]}} == -* ]]; then
    _describe -o option options
    return
  fi
  (( $#commands )) && _describe command commands
  [[ -n $files ]] && _files
}}
if [[ $funcstack[1] == _mexport ]]; then
  _mexport "$@"
else
  compdef _mexport mexport
fi
)";

std::string completer(const ArgumentInfo& argument) {
  switch (argument.value) {
    case ValueKind::choice:
      return fmt::format("compadd -- {}; return", fmt::join(argument.choices, " "));
    case ValueKind::file:
      return "_files; return";
    case ValueKind::directory:
      return "_files -/; return";
    case ValueKind::none:
    case ValueKind::text:
      return "return";
  }
  return "return";
}

std::string value_cases(const std::string& path, const CommandTree& command) {
  std::string cases;
  for (const auto& argument : command.arguments) {
    if (argument.value == ValueKind::none) continue;
    for (const auto& name : argument.names) {
      cases += fmt::format("    (\"{} {}\") {} ;;\n", path, name, completer(argument));
    }
  }
  return cases;
}

std::string described(const std::string& name, const std::string& description) {
  return " " + single_quoted(name + ":" + description);
}

std::string command_case(const std::string& path, const CommandTree& command) {
  std::string commands;
  for (const auto& child : command.subcommands)
    commands += described(child.name, child.description);
  std::string options;
  for (const auto& argument : command.arguments) {
    for (const auto& name : argument.names) options += described(name, argument.description);
  }
  std::string files;
  if (const auto* argument = positional(command)) {
    for (const auto& choice : argument->choices)
      commands += described(choice, argument->description);
    if (argument->value == ValueKind::file) files = "; files=yes";
  }
  return fmt::format("    (\"{}\") commands=({}); options=({}){} ;;\n", path, commands, options,
                     files);
}

}  // namespace

std::string zsh_script(const CommandTree& root) {
  std::string values;
  std::string commands;
  each_command(root, [&](const std::string& path, const CommandTree& command) {
    values += value_cases(path, command);
    commands += command_case(path, command);
  });
  return fmt::format(kTemplate, fmt::arg("paths", all_paths(root, "|")), fmt::arg("values", values),
                     fmt::arg("commands", commands));
}

}  // namespace mexport::app::completion
