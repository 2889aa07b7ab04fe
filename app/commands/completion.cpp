// SPDX-License-Identifier: MIT
#include "app/commands/completion.hpp"

#include "app/completion/bash.hpp"
#include "app/completion/fish.hpp"
#include "app/completion/zsh.hpp"
#include "app/output.hpp"

namespace mexport::app {

namespace {

std::string script_for(const CompletionOptions& options) {
  switch (options.shell) {
    case Shell::bash:
      return completion::bash_script(options.tree);
    case Shell::zsh:
      return completion::zsh_script(options.tree);
    case Shell::fish:
      return completion::fish_script(options.tree);
  }
  return {};
}

}  // namespace

int print_completion(const CompletionOptions& options) {
  return print(script_for(options));
}

}  // namespace mexport::app
