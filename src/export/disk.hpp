// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mexport::exporter {

/// A file that is being written. One owner; closed by its destructor, which syncs nothing.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  /// Writes all of it, or fails; then an unknown part has been written.
  virtual base::Status append(base::ByteView bytes) = 0;
  /// Returns when what was appended survives a loss of power.
  virtual base::Status sync() = 0;
  /// Cuts it off after its first `size` bytes; what is appended next follows them.
  virtual base::Status truncate(std::uint64_t size) = 0;
};

/// A file that is being read, maybe while another writes to it.
class InputFile {
 public:
  virtual ~InputFile() = default;
  /// Fills a part of `buffer`; 0 at the end, which may move.
  virtual base::Result<std::size_t> read(base::MutableByteView buffer) = 0;
};

struct DirectoryEntry {
  std::string name;
  bool directory = false;
};

/// A file system as a whole, in bytes.
struct DiskSpace {
  std::uint64_t total = 0;      ///< what it can hold of us, reserves for others left out
  std::uint64_t available = 0;  ///< of it still free
};

/// The file system as far as traces need it, so that tests and the simulation can bring their own
/// and fail at any operation. Errors are those of std::system_category. Thread-safe.
class Disk {
 public:
  virtual ~Disk() = default;

  /// With missing parents, mode 0700; fine when it exists.
  virtual base::Status create_directories(const std::string& path) = 0;
  virtual base::Result<std::vector<DirectoryEntry>> list(const std::string& directory) = 0;
  virtual base::Result<bool> exists(const std::string& path) = 0;
  virtual base::Result<bool> is_directory(const std::string& path) = 0;

  virtual base::Result<std::uint64_t> file_size(const std::string& path) = 0;
  /// Of the file system that holds `directory`.
  virtual base::Result<DiskSpace> space(const std::string& directory) = 0;

  /// A new file, mode 0600; fails with file_exists when there is one. It counts as in use until it
  /// is closed.
  virtual base::Result<std::unique_ptr<OutputFile>> create(const std::string& path) = 0;
  virtual base::Result<std::unique_ptr<InputFile>> open(const std::string& path) = 0;
  /// Whether an OutputFile of this or another process is open on it.
  virtual base::Result<bool> in_use(const std::string& path) = 0;

  /// Within one directory; fails with file_exists rather than replace a file.
  virtual base::Status rename(const std::string& from, const std::string& to) = 0;
  virtual base::Status remove(const std::string& path) = 0;
  /// Returns when created, renamed and removed names in it survive a loss of power.
  virtual base::Status sync_directory(const std::string& directory) = 0;
};

}  // namespace mexport::exporter
