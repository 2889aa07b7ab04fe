// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"
#include "export/trace_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// Reads the traces of one directory in order, and goes on as they grow and new ones begin.
class TraceFollower {
 public:
  /// From the file called `first_stem` on, or from the first one. `disk` must outlive it.
  TraceFollower(Disk& disk, std::string directory, std::string first_stem = {});

  /// The next line, valid until the next call; nullopt when there is none for now.
  base::Result<std::optional<std::string_view>> next();

 private:
  base::Result<bool> open_next();

  Disk& disk_;
  std::string directory_;
  std::string stem_;  // of the file being read, or of the first to read
  std::optional<TraceReader> reader_;
  bool superseded_ = false;  // a later file was there when nothing more came
};

}  // namespace mexport::exporter
