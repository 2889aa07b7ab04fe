// SPDX-License-Identifier: MIT
// Any text as a trace line: its parts must lie within it, and its lists must come to an end.
#include "base/bytes.hpp"
#include "export/json_scanner.hpp"
#include "export/trace_line.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace mexport;

void require_within(std::string_view part, std::string_view whole) {
  if (part.empty()) return;
  if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) {
    std::abort();
  }
}

void walk(std::string_view list) {
  exporter::JsonScanner elements(list);
  while (const auto element = elements.next_element()) {
    require_within(*element, list);
    exporter::JsonScanner members(*element);
    while (const auto member = members.next_member()) require_within(member->value, *element);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = base::as_text({data, size});
  walk(text);
  exporter::parse_timestamp(text);
  const auto line = exporter::parse_trace_line(text);
  if (!line) return 0;
  for (const auto part : {line->timestamp, line->peer, line->kind, line->body, line->ext}) {
    require_within(part, text);
  }
  exporter::parse_timestamp(line->timestamp);
  exporter::JsonScanner members(line->body);
  while (const auto member = members.next_member()) walk(member->value);
  return 0;
}
