// SPDX-License-Identifier: MIT
#pragma once

namespace mexport::app {

/// What the program ends with; docs/commands.md lists them.
enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,  ///< a check found something, or the output could not be written
  kUsage = 2,    ///< wrong usage, or the node could not start: nothing was left half-made
};

}  // namespace mexport::app
