// SPDX-License-Identifier: MIT
#include "app/terminal.hpp"

#include "app/log_file.hpp"

#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace mexport::app {

namespace {

constexpr std::string_view kToLineStartAndErase = "\r\x1b[K";
constexpr std::size_t kUsualColumns = 80;

std::size_t columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualColumns;
}

}  // namespace

std::string draw_above(std::string_view line, std::string_view status, std::size_t columns) {
  std::string out(kToLineStartAndErase);
  out += line;
  // The last column stays free: some terminals wrap as soon as it is written.
  out += status.substr(0, columns > 0 ? columns - 1 : 0);
  return out;
}

std::string Terminal::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Terminal::write(std::string_view line) {
  if (status_line_) {
    write_all(STDERR_FILENO, draw_above(line, status(), columns()));
  } else {
    write_all(STDERR_FILENO, line);
  }
}

void Terminal::set_status(std::string status) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

void Terminal::draw() {
  if (status_line_) write({});
}

bool stderr_can_draw() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* const name = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && name != nullptr && std::string_view(name) != "dumb" &&
         *name != '\0';
}

}  // namespace mexport::app
