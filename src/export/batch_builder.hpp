// SPDX-License-Identifier: MIT
#pragma once

#include "export/batch.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace mexport::exporter {

/// When a batch is handed on: whichever is reached first. One event may be larger than `bytes`.
struct BatchLimits {
  std::size_t bytes = 64 << 10;
  std::size_t events = 1000;
  std::chrono::milliseconds age{200};
};

/// Collects encoded events. The encoder appends a line to text(), then commit() makes it an event.
/// One owner, the export thread.
class BatchBuilder {
 public:
  explicit BatchBuilder(BatchLimits limits) : limits_(limits) {}

  /// Where the next line is to be appended.
  std::string& text();
  /// What has been appended since the last commit is an event, of which the first `reference_size`
  /// bytes stand before `,"ext"`. Adds the newline; returns the size of the line with it.
  std::size_t commit(monitor::EventKind kind, std::uint64_t sequence, std::size_t reference_size,
                     base::WallTime timestamp);
  /// The event just committed reports this.
  void add_loss(const monitor::LostRange& range) { batch_->losses.push_back(range); }

  bool empty() const { return !batch_ || batch_->events.empty(); }
  bool full() const;
  /// The age of a batch that has events counts from the first call, at `now`.
  void begin_age(base::SteadyTime now);
  /// When it should be handed on though it is not full.
  std::optional<base::SteadyTime> due() const { return due_; }

  /// Hands the batch on; null when it is empty.
  BatchPtr take();

 private:
  BatchLimits limits_;
  std::unique_ptr<Batch> batch_;
  std::optional<base::SteadyTime> due_;
  std::size_t committed_ = 0;
};

}  // namespace mexport::exporter
