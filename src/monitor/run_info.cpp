// SPDX-License-Identifier: MIT
#include "monitor/run_info.hpp"

#include <fmt/format.h>

namespace mexport::monitor {

std::string make_run_id(base::Random& random) {
  const auto high = random.next();
  const auto low = random.next();
  return fmt::format("{:016x}{:016x}", high, low);
}

}  // namespace mexport::monitor
