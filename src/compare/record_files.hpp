// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <string>
#include <vector>

namespace mexport::compare {

/// The files of a record: a file itself; of a directory the traces as `trace cat` reads them, or,
/// if it has none, all its files in the order of their names.
base::Result<std::vector<std::string>> record_files(exporter::Disk& disk, const std::string& path);

}  // namespace mexport::compare
