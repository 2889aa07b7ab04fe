// SPDX-License-Identifier: MIT
#include "app/csv_field.hpp"

#include "app/printable.hpp"

namespace mexport::app {

std::string csv_field(std::string_view text) {
  const auto shown = printable(text);
  if (shown.find_first_of(",\"") == std::string::npos) return shown;
  std::string field = "\"";
  for (const char c : shown) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace mexport::app
