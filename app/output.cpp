// SPDX-License-Identifier: MIT
#include "app/output.hpp"

#include "app/printable.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace mexport::app {

namespace {

constexpr std::size_t kBufferSize = 64 << 10;

}  // namespace

bool Output::write(std::string_view text) {
  if (error_ != 0) return false;
  buffer_ += text;
  return buffer_.size() < kBufferSize || flush();
}

bool Output::flush() {
  std::string_view rest = buffer_;
  while (error_ == 0 && !rest.empty()) {
    const auto written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
  return error_ == 0;
}

bool Output::wait_while_read(int milliseconds) const {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, milliseconds) <= 0;
}

ExitCode Output::finish() {
  flush();
  if (error_ == 0 || error_ == EPIPE) return kSuccess;
  complain("cannot write to stdout: " + std::generic_category().message(error_));
  return kFailure;
}

ExitCode print(std::string_view text) {
  Output out;
  out.write(text);
  return out.finish();
}

void complain(std::string_view message) {
  const auto line = fmt::format("mexport: {}\n", printable(message));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace mexport::app
