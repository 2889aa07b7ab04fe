// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/shard.hpp"
#include "monitor/observation.hpp"

namespace mexport::node {

/// Tells a sink of each wake-up of the shard whose facts it takes. Lives on the shard, or while
/// that does not run.
class SinkBracket final : public libp2p::WakeupObserver {
 public:
  /// Both outlive it.
  SinkBracket(libp2p::Shard& shard, monitor::ObservationSink& sink) : shard_(shard), sink_(sink) {
    shard_.add_observer(*this);
  }
  ~SinkBracket() override { shard_.remove_observer(*this); }
  SinkBracket(const SinkBracket&) = delete;
  SinkBracket& operator=(const SinkBracket&) = delete;

  monitor::ObservationSink& sink() { return sink_; }

  void on_wakeup_begin(base::SteadyTime now) override { sink_.begin_batch(now); }
  void on_wakeup_end() override { sink_.end_batch(); }

 private:
  libp2p::Shard& shard_;
  monitor::ObservationSink& sink_;
};

}  // namespace mexport::node
