// SPDX-License-Identifier: MIT
#include "capi/field_reader.hpp"

#include "capi/records.hpp"

namespace mexport::capi {

std::string FieldReader::text() {
  const auto read = bytes();
  if (read.size() > kMaxText) {
    fail("a text is too long");
    return {};
  }
  return std::string(base::as_text(read));
}

std::size_t FieldReader::count(std::size_t least) {
  const std::size_t items = u32();
  if (items * least > rest_.size()) {
    fail("a list is longer than its record");
    return 0;
  }
  return items;
}

}  // namespace mexport::capi
