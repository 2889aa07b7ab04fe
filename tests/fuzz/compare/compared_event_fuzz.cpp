// SPDX-License-Identifier: MIT
// Any text as an event of a record: its parts must lie within it, and a second reading says the
// same.
#include "base/bytes.hpp"

#include "compare/event.hpp"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = base::as_text({data, size});
  compare::transport_of(text);
  compare::Event event;
  if (!compare::parse_event(text, event)) return 0;
  require_within(event.peer, text);
  require_within(event.agent, text);
  if (event.mentions.size() > size) std::abort();
  const auto key = event.key;
  if (!compare::parse_event(text, event) || event.key != key) std::abort();
  return 0;
}
