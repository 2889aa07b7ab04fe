// SPDX-License-Identifier: MIT
// Any body of a request to the probe: what is taken is within its limits.
#include "api/probe_request.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mexport::api;
  const auto ask = parse_probe_request(mexport::base::as_text({data, size}));
  if (!ask) {
    if (ask.error().empty()) std::abort();
    return 0;
  }
  if (ask->cids.empty() || ask->cids.size() > kMaxFollowedCids) std::abort();
  if (ask->cancel_after.count() < 1) std::abort();
  return 0;
}
