// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "export/batch_builder.hpp"
#include "export/event_encoder.hpp"
#include "export/gap_log.hpp"
#include "export/own_event_encoder.hpp"
#include "monitor/event_clock.hpp"
#include "monitor/fact_merger.hpp"
#include "monitor/heartbeat.hpp"
#include "monitor/sequencer.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// What the export thread does, without the thread: takes facts from the queues in the order of
/// their times, dates, numbers and encodes them, and hands batches on. One owner, one thread; only
/// the counters may be read from others.
class ExportStage {
 public:
  struct Options {
    BatchLimits batch{};
    std::chrono::nanoseconds reorder_margin{std::chrono::milliseconds(5)};
    EventEncoder::Options encoder{};
    std::string peer{};  ///< our own id, for the events that tell of the monitor
  };
  using HandOver = std::function<void(BatchPtr)>;

  /// At most so many facts in one run(), so that the owner can look at other things.
  static constexpr std::size_t kFactsPerRun = 4096;

  /// `clock` must outlive the stage.
  ExportStage(Options options, const base::Clock& clock, HandOver hand_over);

  void add(monitor::ObservationQueue& queue) { merger_.add(queue); }

  struct Progress {
    bool worked = false;  ///< some fact went out
    bool more = false;    ///< more facts are due
    bool large = false;   ///< a fact of kLargeFact or more went out
  };
  /// Encodes what is due at `now`; with `drain`, everything: no writer may be left then.
  Progress run(base::SteadyTime now, bool drain);
  /// Hands on what has been encoded, full or not.
  void flush();

  /// Appends a heartbeat with the numbers of this stage filled in. Its time is that up to which
  /// facts have gone out.
  void heartbeat(monitor::Heartbeat heartbeat);

  /// Appends an event that tells what a sink has lost.
  void tell_gap(std::string_view sink, const SinkGap& gap);

  /// Compares the clocks, each second. True when the wall clock had been set.
  bool sample_clock() { return event_clock_.sample(); }
  const monitor::ClockState& clock_state() const { return event_clock_.state(); }
  /// UTC of a moment, in the order of the events.
  base::WallTime to_utc(base::SteadyTime at) { return event_clock_.to_utc(at); }

  /// When a batch that is not full has to be handed on by run().
  std::optional<base::SteadyTime> due() const { return builder_.due(); }
  /// Whether no fact waits.
  bool idle() { return merger_.empty(); }

  struct Counters {
    std::array<base::Counter, monitor::kEventKinds> events;
    std::array<std::array<base::Counter, monitor::kLossReasons>, monitor::kEventKinds> lost;
    base::Counter bytes;  ///< encoded; large events are encoded later, by each sink
    base::Counter unknown_want_types;
    base::Counter unknown_presence_types;
  };
  const Counters& counters() const { return counters_; }
  monitor::LossTable lost() const;

 private:
  void encode(const monitor::Fact& fact);
  void encode(const monitor::LostFacts& lost);
  void hand_over_large(monitor::TakenFact taken);
  void commit(monitor::EventKind kind, std::uint64_t sequence, std::size_t reference_size,
              base::WallTime timestamp);

  HandOver hand_over_;
  monitor::FactMerger merger_;
  monitor::EventClock event_clock_;
  monitor::Sequencer sequencer_;
  const EventEncoder::Options encoder_options_;
  EventEncoder encoder_;
  monitor::UnknownTypes unknown_in_large_;
  OwnEventEncoder own_encoder_;
  BatchBuilder builder_;
  base::SteadyTime done_until_;
  Counters counters_;
};

}  // namespace mexport::exporter
