// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <string>

namespace mexport::config {

/// Why a start-up step failed: one line for the operator that names the file or directory.
struct SetupError {
  std::string message;
};

template <class T>
using Setup = std::expected<T, SetupError>;
using SetupStatus = Setup<void>;

}  // namespace mexport::config
