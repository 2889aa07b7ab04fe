// SPDX-License-Identifier: MIT
// Any body of a broadcast, with seconds and without: what one accepts with seconds, it accepts
// without them too, and the CIDs are the same.
#include "api/broadcast_request.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mexport::api;
  const auto body = mexport::base::as_text({data, size});
  const auto without = parse_broadcast(body, Seconds::ignored);
  const auto with = parse_broadcast(body, Seconds::wanted);
  if (!with) return 0;
  if (!without || without->cids.size() != with->cids.size()) std::abort();
  for (std::size_t i = 0; i < with->cids.size(); ++i) {
    if (with->cids[i].to_string() != without->cids[i].to_string()) std::abort();
  }
  return 0;
}
