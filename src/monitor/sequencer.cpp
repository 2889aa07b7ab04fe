// SPDX-License-Identifier: MIT
#include "monitor/sequencer.hpp"

namespace mexport::monitor {

LostRange Sequencer::skip(EventKind kind, std::uint64_t count, LossReason reason) {
  auto& last = last_[static_cast<std::size_t>(kind)];
  const LostRange range{.kind = kind, .reason = reason, .from = last + 1, .to = last + count};
  last = range.to;
  return range;
}

}  // namespace mexport::monitor
