// SPDX-License-Identifier: MIT
#include "api/http_date.hpp"

#include <fmt/format.h>

#include <array>

namespace mexport::api {

std::string http_date(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays.at(weekday(day).c_encoding()), unsigned{date.day()},
                     kMonths.at(unsigned{date.month()} - 1), int{date.year()},
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace mexport::api
