// SPDX-License-Identifier: MIT
#include "app/completion/bash.hpp"

#include "app/completion/commands.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace mexport::app::completion {

namespace {

constexpr const char* kTemplate = R"(# bash completion for mexport
_mexport() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local at=mexport words="" files="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${{COMP_WORDS[i]}}" in
      {paths}) at="$at ${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$at $previous" in
{values}    *)
      case "$at" in
{commands}      esac
      [[ $current == -* ]] && files=""
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    local -a found
    mapfile -t found < <(compgen "$files" -- "$current")
    COMPREPLY+=("${{found[@]}}")
  fi
}}
complete -F _mexport mexport
)";

/// What completes a value, as an assignment.
std::string completer(const ArgumentInfo& argument) {
  switch (argument.value) {
    case ValueKind::choice:
      return fmt::format("words=\"{}\"", fmt::join(argument.choices, " "));
    case ValueKind::file:
      return "files=-f";
    case ValueKind::directory:
      return "files=-d";
    case ValueKind::none:
    case ValueKind::text:
      return ":";
  }
  return ":";
}

std::string value_cases(const std::string& path, const CommandTree& command) {
  std::string cases;
  for (const auto& argument : command.arguments) {
    if (argument.value == ValueKind::none) continue;
    for (const auto& name : argument.names) {
      cases += fmt::format("    \"{} {}\") {} ;;\n", path, name, completer(argument));
    }
  }
  return cases;
}

std::string command_case(const std::string& path, const CommandTree& command) {
  std::vector<std::string> words;
  for (const auto& child : command.subcommands) words.push_back(child.name);
  for (const auto& argument : command.arguments) {
    words.insert(words.end(), argument.names.begin(), argument.names.end());
  }
  std::string files;
  if (const auto* argument = positional(command)) {
    words.insert(words.end(), argument->choices.begin(), argument->choices.end());
    if (argument->value == ValueKind::file) files = " files=-f";
  }
  return fmt::format("        \"{}\") words=\"{}\"{} ;;\n", path, fmt::join(words, " "), files);
}

}  // namespace

std::string bash_script(const CommandTree& root) {
  std::string values;
  std::string commands;
  each_command(root, [&](const std::string& path, const CommandTree& command) {
    values += value_cases(path, command);
    commands += command_case(path, command);
  });
  return fmt::format(kTemplate, fmt::arg("paths", all_paths(root, " | ")),
                     fmt::arg("values", values), fmt::arg("commands", commands));
}

}  // namespace mexport::app::completion
