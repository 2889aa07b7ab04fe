// SPDX-License-Identifier: MIT
#pragma once

#include "app/exit_code.hpp"
#include "export/disk.hpp"

#include <span>
#include <string>
#include <system_error>

namespace mexport::app {

/// Whether each path is a file or directory that can be opened; complains of those that are not.
bool all_readable(exporter::Disk& disk, std::span<const std::string> paths);

/// Complains of a failure amid reading; returns kUsage.
ExitCode failed_to_read(std::span<const std::string> paths, std::error_code error);

}  // namespace mexport::app
