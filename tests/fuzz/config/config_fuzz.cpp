// SPDX-License-Identifier: MIT
#include "config/parse_config.hpp"
#include "config/render_config.hpp"

#include <cstdlib>

using namespace mexport;

/// What is accepted is shown, and what is shown says the same when it is read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto parsed = config::parse_config(base::as_text({data, size}));
  if (!parsed.report.good()) {
    for (const auto& error : parsed.report.errors) {
      if (config::to_string(error).size() > 4096 + size) std::abort();
    }
    return 0;
  }
  parsed.config.identity.reset();  // its key is not shown
  parsed.config.monitor.amqp_server_address.clear();
  const auto shown = config::render_config(parsed.config);
  const auto again = config::parse_config(shown);
  if (!again.report.good() || config::render_config(again.config) != shown) std::abort();
  return 0;
}
