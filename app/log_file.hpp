// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mexport::app {

/// A file that lines are appended to. Thread-safe.
class LogFile {
 public:
  static std::expected<LogFile, std::error_code> open(const std::string& path);
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&& other) noexcept;
  ~LogFile();

  /// A full disk loses lines: there is nobody to tell.
  void write(std::string_view line);

  /// Opens the path anew; on failure the old file stays.
  std::optional<std::error_code> reopen();

 private:
  LogFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  std::mutex mutex_;
  int fd_;
};

/// Writes all of it to a descriptor, or gives up.
void write_all(int fd, std::string_view text);

}  // namespace mexport::app
