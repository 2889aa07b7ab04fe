// SPDX-License-Identifier: MIT
// Any query of the pages of peers and of the stream of events, and any body that sets log levels.
#include "api/event_filter.hpp"
#include "api/log_level_request.hpp"
#include "api/peer_query.hpp"
#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mexport;
  const auto text = base::as_text({data, size});
  if (const auto query = api::parse_peer_query(text)) {
    if (query->limit == 0 || query->limit > api::PeerQuery::kMaxLimit) std::abort();
  } else if (query.error().empty()) {
    std::abort();
  }
  if (const auto filter = api::parse_event_filter(text)) {
    if (filter->peers.size() > api::kMaxFilterValues) std::abort();
    (void)filter->matches(monitor::EventKind::bitswap_message, text);
  } else if (filter.error().empty()) {
    std::abort();
  }
  const std::array<std::string, 1> components{"node"};
  const auto level = api::parse_log_level_request(text, components);
  if (level ? !level->component.empty() && level->component != "node" : level.error().empty()) {
    std::abort();
  }
  return 0;
}
