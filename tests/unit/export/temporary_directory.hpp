// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace mexport::exporter::testing {

/// A new directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() /
              ("mexport-test-" + std::to_string(base::system_entropy()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace mexport::exporter::testing
