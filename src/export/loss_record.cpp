// SPDX-License-Identifier: MIT
#include "export/loss_record.hpp"

#include <algorithm>

namespace mexport::exporter {

void LossRecord::add(const monitor::LostRange& range) {
  auto& known = by_kind_[static_cast<std::size_t>(range.kind)];
  if (!known) {
    known = range;
    return;
  }
  known->from = std::min(known->from, range.from);
  known->to = std::max(known->to, range.to);
  known->reason = range.reason;
}

void LossRecord::add(const Batch& batch, monitor::LossReason reason) {
  for (const auto& range : batch.losses) add(range);
  for (const auto& event : batch.events) {
    add({.kind = event.kind, .reason = reason, .from = event.sequence, .to = event.sequence});
  }
}

void LossRecord::add(const LossRecord& later) {
  for (const auto& range : later.by_kind_) {
    if (range) add(*range);
  }
}

bool LossRecord::empty() const {
  return std::ranges::none_of(by_kind_, [](const auto& range) { return range.has_value(); });
}

std::vector<monitor::LostRange> LossRecord::ranges() const {
  std::vector<monitor::LostRange> ranges;
  for (const auto& range : by_kind_) {
    if (range) ranges.push_back(*range);
  }
  return ranges;
}

void count_lost(const Batch& batch, monitor::LossReason reason, monitor::LossTable& table) {
  for (const auto& event : batch.events) {
    ++table[static_cast<std::size_t>(event.kind)][static_cast<std::size_t>(reason)];
  }
}

void add_lost(const monitor::LossTable& more, monitor::LossTable& table) {
  for (std::size_t kind = 0; kind < table.size(); ++kind) {
    for (std::size_t reason = 0; reason < table[kind].size(); ++reason) {
      table[kind][reason] += more[kind][reason];
    }
  }
}

}  // namespace mexport::exporter
