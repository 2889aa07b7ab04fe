// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace mexport::app {

/// Stderr with a status line below what is written. write() and draw() belong to one thread,
/// set_status() to any.
class Terminal {
 public:
  /// Without `status_line` it only writes.
  explicit Terminal(bool status_line) : status_line_(status_line) {}

  /// A whole line, above the status line.
  void write(std::string_view line);
  /// Shown by the next draw() or write(); "" for none.
  void set_status(std::string status);
  void draw();

 private:
  std::string status() const;

  const bool status_line_;
  mutable std::mutex mutex_;
  std::string status_;
};

/// Whether stderr is a terminal that understands the few codes that a status line needs.
bool stderr_can_draw();

/// What to write so that `line` (may be empty) stands above a status line of at most `columns`
/// columns, wherever a status line was drawn before. Status lines are ASCII.
std::string draw_above(std::string_view line, std::string_view status, std::size_t columns);

}  // namespace mexport::app
