// SPDX-License-Identifier: MIT
#pragma once

#include "export/disk.hpp"
#include "tests/sim/truth.hpp"

#include <chrono>
#include <string>

namespace mexport::sim {

/// Holds the traces in `directory` against what happened: whole files and sequences, each recorded
/// message one that was heard, in the order in which it was heard, and nothing missing that is not
/// counted. A crash may take what came within `crash_loss` before it.
void check_traces(exporter::Disk& disk, const std::string& directory, Truth& truth,
                  std::chrono::nanoseconds crash_loss);

}  // namespace mexport::sim
