// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "export/disk.hpp"
#include "tests/unit/export/memory_disk.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace mexport::sim {

/// The virtual disk: its memory is the world's, and it fails at times.
class WorldDisk final : public exporter::Disk {
 public:
  explicit WorldDisk(std::uint64_t seed);

  /// From now on, so many of a thousand operations fail.
  void set_failing(std::uint32_t per_thousand) { failing_ = per_thousand; }
  void set_full(bool full);
  /// What was not synced is gone, but for a part of it at the end of each file.
  void lose_power();
  /// Traces that were removed to make room are there again, so that all that was ever written can
  /// be looked at.
  void restore_removed();
  /// Of the traces that nobody writes.
  std::uint64_t finished_bytes();
  exporter::testing::MemoryDisk& memory() { return disk_; }

  base::Status create_directories(const std::string& path) override;
  base::Result<std::vector<exporter::DirectoryEntry>> list(const std::string& directory) override;
  base::Result<bool> exists(const std::string& path) override;
  base::Result<bool> is_directory(const std::string& path) override;
  base::Result<std::uint64_t> file_size(const std::string& path) override;
  base::Result<exporter::DiskSpace> space(const std::string& directory) override;
  base::Result<std::unique_ptr<exporter::OutputFile>> create(const std::string& path) override;
  base::Result<std::unique_ptr<exporter::InputFile>> open(const std::string& path) override;
  base::Result<bool> in_use(const std::string& path) override;
  base::Status rename(const std::string& from, const std::string& to) override;
  base::Status remove(const std::string& path) override;
  base::Status sync_directory(const std::string& directory) override;

 private:
  class Output;
  bool made_room(const std::string& path);

  base::SeededRandom random_;
  std::uint32_t failing_ = 0;
  exporter::testing::MemoryDisk disk_;
  std::map<std::string, std::string> removed_;  // by path
};

}  // namespace mexport::sim
