// SPDX-License-Identifier: MIT
#include "app/log_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace mexport::app {

namespace {

constexpr int kNone = -1;
constexpr mode_t kMode = 0600;  // log lines name peers

int open_for_append(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode);
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

}  // namespace

std::expected<LogFile, std::error_code> LogFile::open(const std::string& path) {
  const int fd = open_for_append(path);
  if (fd == kNone) return std::unexpected(last_error());
  return LogFile(path, fd);
}

LogFile::LogFile(LogFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, kNone)) {}

LogFile& LogFile::operator=(LogFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  return *this;
}

LogFile::~LogFile() {
  if (fd_ != kNone) ::close(fd_);
}

void LogFile::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  write_all(fd_, line);
}

std::optional<std::error_code> LogFile::reopen() {
  const std::lock_guard lock(mutex_);
  const int fd = open_for_append(path_);
  if (fd == kNone) return last_error();
  ::close(std::exchange(fd_, fd));
  return std::nullopt;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace mexport::app
