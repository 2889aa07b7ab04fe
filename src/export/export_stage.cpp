// SPDX-License-Identifier: MIT
#include "export/export_stage.hpp"

#include "export/large_event.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mexport::exporter {

ExportStage::ExportStage(Options options, const base::Clock& clock, HandOver hand_over)
    : hand_over_(std::move(hand_over)),
      merger_(options.reorder_margin),
      event_clock_(clock),
      encoder_options_(options.encoder),
      encoder_(options.encoder),
      own_encoder_(std::move(options.peer)),
      builder_(options.batch),
      done_until_(clock.now()) {}

ExportStage::Progress ExportStage::run(base::SteadyTime now, bool drain) {
  const auto cutoff = drain ? base::SteadyTime::max() : merger_.cutoff(now);
  Progress progress;
  std::size_t facts = 0;
  while (auto* queue = merger_.next(cutoff)) {
    if (++facts > kFactsPerRun) {
      progress.more = true;
      break;
    }
    progress.worked = true;
    if (queue->front_size() >= kLargeFact) {
      hand_over_large(queue->take());
      progress.large = true;
      continue;
    }
    std::visit([this](const auto& item) { encode(item); }, *queue->front());
    queue->pop();
    if (builder_.full()) flush();
  }
  if (!progress.more) done_until_ = std::max(done_until_, std::min(cutoff, now));
  builder_.begin_age(now);
  if (const auto due = builder_.due(); due && *due <= now) flush();
  counters_.unknown_want_types.add(encoder_.unknown_want_types() + unknown_in_large_.wants -
                                   counters_.unknown_want_types.value());
  counters_.unknown_presence_types.add(encoder_.unknown_presence_types() +
                                       unknown_in_large_.presences -
                                       counters_.unknown_presence_types.value());
  return progress;
}

void ExportStage::flush() {
  if (auto batch = builder_.take()) hand_over_(std::move(batch));
}

void ExportStage::heartbeat(monitor::Heartbeat heartbeat) {
  const auto timestamp = event_clock_.to_utc(done_until_);
  const auto sequence = sequencer_.next(monitor::EventKind::heartbeat);
  heartbeat.sequences = sequencer_.last();
  heartbeat.lost = lost();
  heartbeat.clock = event_clock_.state();
  const auto size = own_encoder_.append_heartbeat(heartbeat, timestamp, sequence, builder_.text());
  commit(monitor::EventKind::heartbeat, sequence, size, timestamp);
}

void ExportStage::tell_gap(std::string_view sink, const SinkGap& gap) {
  const auto timestamp = event_clock_.to_utc(done_until_);
  const auto sequence = sequencer_.next(monitor::EventKind::gap);
  const auto size = own_encoder_.append_told_gap(gap, sink, timestamp, sequence, builder_.text());
  commit(monitor::EventKind::gap, sequence, size, timestamp);
}

void ExportStage::encode(const monitor::Fact& fact) {
  const auto kind = kind_of(fact);
  const auto timestamp = event_clock_.to_utc(time_of(fact));
  const auto sequence = sequencer_.next(kind);
  const auto size = encoder_.encode(fact, timestamp, sequence, builder_.text());
  commit(kind, sequence, size, timestamp);
}

void ExportStage::hand_over_large(monitor::TakenFact taken) {
  flush();
  const auto kind = kind_of(taken.fact);
  const auto timestamp = event_clock_.to_utc(time_of(taken.fact));
  const auto sequence = sequencer_.next(kind);
  if (const auto* received = std::get_if<monitor::BitswapMessageReceived>(&taken.fact)) {
    const auto unknown = monitor::count_unknown_types(received->message);
    unknown_in_large_.wants += unknown.wants;
    unknown_in_large_.presences += unknown.presences;
  }
  auto batch = std::make_shared<Batch>();
  batch->events.push_back({.sequence = sequence, .kind = kind});
  batch->first = batch->last = timestamp;
  batch->large =
      std::make_shared<LargeEvent>(encoder_options_, std::move(taken), timestamp, sequence);
  counters_.events[static_cast<std::size_t>(kind)].add();
  hand_over_(std::move(batch));
}

void ExportStage::encode(const monitor::LostFacts& lost) {
  const auto range = sequencer_.skip(lost.kind, lost.count, lost.reason);
  counters_.lost[static_cast<std::size_t>(lost.kind)][static_cast<std::size_t>(lost.reason)].add(
      lost.count);
  const auto timestamp = event_clock_.to_utc(lost.last);
  const auto sequence = sequencer_.next(monitor::EventKind::gap);
  const auto size = own_encoder_.append_gap(range, timestamp, sequence, builder_.text());
  commit(monitor::EventKind::gap, sequence, size, timestamp);
  builder_.add_loss(range);
}

void ExportStage::commit(monitor::EventKind kind, std::uint64_t sequence,
                         std::size_t reference_size, base::WallTime timestamp) {
  const auto size = builder_.commit(kind, sequence, reference_size, timestamp);
  counters_.events[static_cast<std::size_t>(kind)].add();
  counters_.bytes.add(size);
}

monitor::LossTable ExportStage::lost() const {
  monitor::LossTable table{};
  for (std::size_t kind = 0; kind < monitor::kEventKinds; ++kind) {
    for (std::size_t reason = 0; reason < monitor::kLossReasons; ++reason) {
      table[kind][reason] = counters_.lost[kind][reason].value();
    }
  }
  return table;
}

}  // namespace mexport::exporter
