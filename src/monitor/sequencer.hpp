// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/loss.hpp"

#include <array>
#include <cstdint>

namespace mexport::monitor {

/// Numbers the events of a run, per kind, from 1. One owner, the export thread.
class Sequencer {
 public:
  /// The number of the next event of `kind`.
  std::uint64_t next(EventKind kind) { return ++last_[static_cast<std::size_t>(kind)]; }
  /// Numbers for events that were lost before they got here; `count` is at least 1.
  LostRange skip(EventKind kind, std::uint64_t count, LossReason reason);

  /// The last number given, per kind; 0 for none.
  const std::array<std::uint64_t, kEventKinds>& last() const { return last_; }

 private:
  std::array<std::uint64_t, kEventKinds> last_{};
};

}  // namespace mexport::monitor
