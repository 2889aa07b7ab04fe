// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <system_error>

namespace mexport::storage {

enum class Error : std::uint8_t {
  disk_full = 1,  ///< no room on the file system, or less than what must stay free
  damaged,        ///< the file is no database, or broken inside
  in_use,         ///< another process has it open
  cannot_open,    ///< missing rights, a missing directory
  io_error,       ///< the disk fails
  wrong_version,  ///< a file of another program or of another version of its tables
  failed,         ///< anything else: a wrong statement, no memory
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);
std::string_view to_string(Error error);

}  // namespace mexport::storage

template <>
struct std::is_error_code_enum<mexport::storage::Error> : std::true_type {};
