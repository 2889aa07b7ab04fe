// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/loss.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::exporter {

/// Events that a sink has lost after it took them over.
struct SinkGap {
  monitor::LostRange range;
  std::string run_id;  ///< of the run that recorded them

  bool operator==(const SinkGap&) const = default;
};

/// What a sink has lost since it last told of it: neighbours are one. One owner, one thread.
class GapLog {
 public:
  /// More of them are to be told at once.
  static constexpr std::size_t kMany = 256;

  void add(const monitor::LostRange& range, std::string_view run_id);
  std::size_t size() const { return gaps_.size(); }
  std::vector<SinkGap> take() { return std::exchange(gaps_, {}); }

 private:
  std::vector<SinkGap> gaps_;  // in the order in which they were lost
};

}  // namespace mexport::exporter
