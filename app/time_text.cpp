// SPDX-License-Identifier: MIT
#include "app/time_text.hpp"

#include <fmt/format.h>

#include <ctime>

namespace mexport::app {

std::string time_text(std::int64_t nanoseconds) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  auto seconds = static_cast<std::time_t>(nanoseconds / kNanoseconds);
  auto rest = nanoseconds % kNanoseconds;
  if (rest < 0) {
    rest += kNanoseconds;
    --seconds;
  }
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     rest / 1'000'000);
}

}  // namespace mexport::app
