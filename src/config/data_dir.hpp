// SPDX-License-Identifier: MIT
#pragma once

#include "base/file_descriptor.hpp"
#include "config/setup_error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {

/// `$MEXPORT_PATH`, else `~/.mexport`; the two variables' values may be null. Fails when neither
/// is set.
Setup<std::filesystem::path> default_data_dir(const char* mexport_path, const char* home);

/// The directory that holds a node's configuration, identity and traces, locked for this process
/// until destruction. Moves; does not copy.
class DataDir {
 public:
  /// Makes the directory (mode 0700) where it is missing, and takes `<dir>/lock`. Fails when it
  /// cannot be made or written, or when another process has it; then nothing new is left behind.
  static Setup<DataDir> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config_path() const { return path_ / "config"; }
  /// The content of `<dir>/config`; nullopt before the first run.
  Setup<std::optional<std::string>> read_config() const;
  /// Replaces `<dir>/config` durably, mode 0600.
  SetupStatus write_config(std::string_view document) const;

 private:
  DataDir(std::filesystem::path path, base::FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  base::FileDescriptor lock_;
};

}  // namespace mexport::config
