// SPDX-License-Identifier: MIT
#include "export/trace_line.hpp"

#include "export/json_scanner.hpp"

#include <charconv>
#include <chrono>

namespace mexport::exporter {
namespace {

/// Reads a timestamp from left to right.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::optional<int> number(std::size_t digits) {
    if (text_.size() < digits) return std::nullopt;
    const auto value = parse_number(text_.substr(0, digits));
    text_.remove_prefix(digits);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
  }
  /// What follows the point, in nanoseconds.
  std::optional<std::int64_t> fraction() {
    const auto end = text_.find_first_not_of("0123456789");
    auto digits = text_.substr(0, end);
    text_.remove_prefix(digits.size());
    if (digits.empty() || digits.size() > 12) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 9; ++i) {
      value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    return value;
  }
  std::optional<std::chrono::seconds> offset() {
    if (take('Z')) return std::chrono::seconds(0);
    const bool east = take('+');
    if (!east && !take('-')) return std::nullopt;
    const auto hours = number(2);
    if (!hours || !take(':')) return std::nullopt;
    const auto minutes = number(2);
    if (!minutes) return std::nullopt;
    const std::chrono::seconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return east ? offset : -offset;
  }

 private:
  std::string_view text_;
};

std::optional<std::chrono::sys_days> parse_date(TimeText& text) {
  const auto year = text.number(4);
  if (!year || !text.take('-')) return std::nullopt;
  const auto month = text.number(2);
  if (!month || !text.take('-')) return std::nullopt;
  const auto day = text.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::chrono::seconds> parse_time_of_day(TimeText& text) {
  const auto hour = text.number(2);
  if (!hour || *hour > 23 || !text.take(':')) return std::nullopt;
  const auto minute = text.number(2);
  if (!minute || *minute > 59 || !text.take(':')) return std::nullopt;
  const auto second = text.number(2);
  if (!second || *second > 60) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// False when the member contradicts another one.
bool add_member(const JsonScanner::Member& member, TraceLine& line) {
  if (member.key == "timestamp" || member.key == "peer") {
    const auto text = string_content(member.value);
    if (!text) return false;
    (member.key == "peer" ? line.peer : line.timestamp) = *text;
    return true;
  }
  if (member.value.front() != '{') return true;
  if (member.key == "ext") {
    line.ext = member.value;
    return true;
  }
  if (!line.kind.empty()) return false;
  line.kind = member.key;
  line.body = member.value;
  return true;
}

}  // namespace

std::optional<TraceLine> parse_trace_line(std::string_view text) {
  JsonScanner scanner(text);
  TraceLine line;
  while (const auto member = scanner.next_member()) {
    if (!add_member(*member, line)) return std::nullopt;
  }
  // An empty peer is fine: our own events have one before the node has an id.
  if (!scanner.complete() || line.timestamp.empty() || !line.peer.data() || line.kind.empty()) {
    return std::nullopt;
  }
  if (!line.ext.empty()) {
    if (const auto sequence = find_member(line.ext, "seq")) line.sequence = parse_number(*sequence);
  }
  return line;
}

bool TraceLine::is_gap_elsewhere() const {
  // A sink's own gap has no number, since it stands in what that sink writes alone.
  return kind == "gap" && sequence && find_member(ext, "sink").has_value();
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  TimeText rest(text);
  const auto date = parse_date(rest);
  if (!date || !rest.take('T')) return std::nullopt;
  const auto time = parse_time_of_day(rest);
  if (!time) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (rest.take('.')) {
    const auto fraction = rest.fraction();
    if (!fraction) return std::nullopt;
    nanoseconds = *fraction;
  }
  const auto offset = rest.offset();
  if (!offset || !rest.done()) return std::nullopt;
  const auto seconds = (*date + *time - *offset).time_since_epoch().count();
  constexpr std::int64_t kLimit = 9'000'000'000;  // within what nanoseconds in 64 bits can hold
  if (seconds < -kLimit || seconds > kLimit) return std::nullopt;
  return seconds * 1'000'000'000 + nanoseconds;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace mexport::exporter
