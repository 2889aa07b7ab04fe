// SPDX-License-Identifier: MIT
#include "storage/error.hpp"

#include "base/error_category.hpp"

namespace mexport::storage {

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("storage", to_string);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

std::string_view to_string(Error error) {
  switch (error) {
    case Error::disk_full:
      return "disk_full";
    case Error::damaged:
      return "damaged";
    case Error::in_use:
      return "in_use";
    case Error::cannot_open:
      return "cannot_open";
    case Error::io_error:
      return "io_error";
    case Error::wrong_version:
      return "wrong_version";
    case Error::failed:
      break;
  }
  return "failed";
}

}  // namespace mexport::storage
