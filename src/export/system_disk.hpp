// SPDX-License-Identifier: MIT
#pragma once

#include "export/disk.hpp"

namespace mexport::exporter {

/// The machine's file system. Files that are in use hold an advisory lock (flock).
class SystemDisk final : public Disk {
 public:
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
};

}  // namespace mexport::exporter
