// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace mexport::exporter {

/// Follows the numbers of one kind in one run, and what gap events say of it. Numbers that nothing
/// explains are missing.
class SequenceCheck {
 public:
  struct Range {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint64_t count() const { return to - from + 1; }
  };

  /// `from_start`: the trace holds the beginning of the run, so that numbers begin at 1.
  void see(std::uint64_t sequence, bool from_start);
  /// A gap event. Ignored when the range is empty or reversed.
  void explain(Range gap);

  struct Result {
    std::uint64_t lost = 0;           ///< absent, and gap events say so
    std::uint64_t missing = 0;        ///< absent without explanation
    std::uint64_t first_missing = 0;  ///< the lowest of these
  };
  /// After everything has been seen.
  Result result() const;

  std::uint64_t first() const { return first_; }
  std::uint64_t last() const { return last_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t repeated() const { return repeated_; }

 private:
  std::vector<Range> absent() const;

  std::uint64_t first_ = 0;  // 0: none seen
  std::uint64_t last_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t repeated_ = 0;
  std::vector<Range> holes_;
  std::vector<Range> gaps_;
};

}  // namespace mexport::exporter
