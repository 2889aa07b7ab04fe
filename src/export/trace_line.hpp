// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mexport::exporter {

/// The parts of an event line. Views into the line; strings without their quotes and with escapes
/// as they stand.
struct TraceLine {
  std::string_view timestamp;
  std::string_view peer;
  std::string_view kind;                  ///< the key of the event's own object
  std::string_view body;                  ///< that object
  std::string_view ext;                   ///< ours; empty when there is none
  std::optional<std::uint64_t> sequence;  ///< ext.seq

  /// Whether it is a gap of another sink: this one has the events.
  bool is_gap_elsewhere() const;
};

/// nullopt when the line is not a JSON object with timestamp, peer and one object of a kind.
/// Checks the structure, not the syntax of each value within.
std::optional<TraceLine> parse_trace_line(std::string_view text);

/// Nanoseconds since 1970 of an RFC 3339 time with any offset and up to 12 fractional digits, of
/// which those beyond nanoseconds are dropped.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

/// A decimal number and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace mexport::exporter
