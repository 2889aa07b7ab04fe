// SPDX-License-Identifier: MIT
#pragma once

#include "export/disk.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace mexport::exporter::testing {

/// A disk in memory that fails when told to and can lose its power. Thread-safe.
class MemoryDisk final : public Disk {
 public:
  /// Called before each operation with its name ("append", "rename", …); an error makes it fail.
  /// A failing append() writes half.
  using Fault = std::function<std::error_code(std::string_view operation, const std::string& path)>;
  void set_fault(Fault fault);

  /// How much fits; without it there is no end. A file that does not fit is written as far as it
  /// does. `others` is taken by what is not ours.
  void set_capacity(std::uint64_t bytes, std::uint64_t others = 0);

  /// Everything that was not synced is gone, and nothing is in use any more.
  void lose_power();
  /// The same, but of the bytes that a file was given since it was synced, so many are there.
  void lose_power(const std::function<std::size_t(std::size_t unsynced)>& torn);

  std::string read_all(const std::string& path);
  void write_all(const std::string& path, std::string content);
  std::set<std::string> names();

  base::Status create_directories(const std::string& path) override;
  base::Result<std::vector<DirectoryEntry>> list(const std::string& directory) override;
  base::Result<bool> exists(const std::string& path) override;
  base::Result<bool> is_directory(const std::string& path) override;
  base::Result<std::uint64_t> file_size(const std::string& path) override;
  base::Result<DiskSpace> space(const std::string& directory) override;
  base::Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
  base::Result<std::unique_ptr<InputFile>> open(const std::string& path) override;
  base::Result<bool> in_use(const std::string& path) override;
  base::Status rename(const std::string& from, const std::string& to) override;
  base::Status remove(const std::string& path) override;
  base::Status sync_directory(const std::string& directory) override;

 private:
  struct Content {
    std::string data;
    std::string durable;
    bool in_use = false;
  };
  using ContentPtr = std::shared_ptr<Content>;
  class Output;
  class Input;

  base::Status check(std::string_view operation, const std::string& path);
  /// With mutex_ held.
  std::uint64_t free_space() const;

  std::mutex mutex_;
  std::uint64_t capacity_ = std::uint64_t{1} << 60;
  std::uint64_t others_ = 0;
  std::mutex fault_mutex_;
  Fault fault_;
  std::set<std::string> directories_;
  std::map<std::string, ContentPtr> files_;
  std::map<std::string, ContentPtr> durable_files_;
};

}  // namespace mexport::exporter::testing
