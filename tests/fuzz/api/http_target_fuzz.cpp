// SPDX-License-Identifier: MIT
// Any text as the target of a request: the path that is found is cleaned once and for all, and the
// query's parameters are found by their names.
#include "api/target.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mexport::api;
  const auto target = parse_target(mexport::base::as_text({data, size}));
  if (!target) return 0;
  if (target->path != "*" && !target->path.starts_with('/') && size > 0 && data[0] == '/')
    std::abort();
  const auto clean = clean_path(target->path);
  if (!clean.starts_with('/') || clean_path(clean) != clean) std::abort();
  for (const auto& name : query_names(target->query)) {
    const auto values = query_values(target->query, name);
    const auto first = query_value(target->query, name);
    if (values.empty() ? !first.empty() : first != values.front()) std::abort();
  }
  return 0;
}
