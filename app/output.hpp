// SPDX-License-Identifier: MIT
#pragma once

#include "app/exit_code.hpp"

#include <string>
#include <string_view>

namespace mexport::app {

/// Stdout, buffered. After the first failure it takes nothing more and remembers why.
class Output {
 public:
  /// Both return false once writing has failed.
  bool write(std::string_view text);
  bool flush();

  /// Waits for about `milliseconds`; false as soon as whoever reads stdout has gone.
  bool wait_while_read(int milliseconds) const;

  /// Flushes. kFailure, with a line on stderr, when something could not be written; a reader that
  /// has gone, as in `| head`, is no failure.
  ExitCode finish();

 private:
  std::string buffer_;
  int error_ = 0;
};

/// Prints the text alone.
ExitCode print(std::string_view text);

/// One line on stderr: "mexport: <message>".
void complain(std::string_view message);

}  // namespace mexport::app
