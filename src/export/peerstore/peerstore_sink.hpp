// SPDX-License-Identifier: MIT
#pragma once

#include "export/batch_queue.hpp"
#include "export/peerstore/peerstore.hpp"
#include "export/sink.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace mexport::exporter {

/// Keeps the peer store up to date with what identify and connection events tell. Written behind:
/// nobody waits for the file but the sink's own thread and readers of the store.
class PeerstoreSink final : public Sink {
 public:
  static constexpr std::size_t kQueueBytes = std::size_t{4} << 20;

  explicit PeerstoreSink(std::shared_ptr<Peerstore> store) : store_(std::move(store)) {}
  ~PeerstoreSink() override;

  std::string_view name() const override { return "peerstore"; }
  bool records() const override { return false; }
  base::Status start(const SinkContext& context) override;
  /// Copies the events that it takes, so that the others are let go.
  void submit(BatchPtr batch) noexcept override;
  void stop(std::chrono::steady_clock::time_point deadline) override;
  SinkStatistics statistics() const override;

 private:
  void loop();
  void write(const Batch& batch);

  std::shared_ptr<Peerstore> store_;
  BatchQueue queue_{kQueueBytes};
  std::thread thread_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  mutable std::mutex mutex_;  // guards what follows, and deadline_
  SinkStatistics statistics_;
};

}  // namespace mexport::exporter
