// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <system_error>

namespace mexport::base {

/// What a fallible function returns: a value, or an error code of the module that failed.
/// Peers' input never throws; each module has one `error.hpp` with a scoped enum and its category.
template <class T>
using Result = std::expected<T, std::error_code>;
using Status = Result<void>;

/// Turns a module's error enum (or an error_code) into the error side of any Result.
inline std::unexpected<std::error_code> fail(std::error_code error) {
  return std::unexpected(error);
}

}  // namespace mexport::base
