// SPDX-License-Identifier: MIT
#pragma once

#include "export/batch.hpp"
#include "monitor/loss.hpp"

#include <array>
#include <optional>
#include <vector>

namespace mexport::exporter {

/// What a sink misses between two batches that it wrote: one range per kind. Batches come in order
/// and nothing between them was written, so whatever a range covers is missing in the sink, be it
/// lost there or before.
class LossRecord {
 public:
  void add(const monitor::LostRange& range);
  /// Everything in the batch, with what its gap events report.
  void add(const Batch& batch, monitor::LossReason reason);
  void add(const LossRecord& later);

  bool empty() const;
  std::vector<monitor::LostRange> ranges() const;
  void clear() { by_kind_ = {}; }

 private:
  std::array<std::optional<monitor::LostRange>, monitor::kEventKinds> by_kind_;
};

/// Adds a batch's events to a table of losses.
void count_lost(const Batch& batch, monitor::LossReason reason, monitor::LossTable& table);
void add_lost(const monitor::LossTable& more, monitor::LossTable& table);

}  // namespace mexport::exporter
