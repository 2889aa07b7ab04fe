// SPDX-License-Identifier: MIT
#include "export/peerstore/peerstore_sink.hpp"

#include "base/thread_name.hpp"
#include "export/loss_record.hpp"

#include <system_error>
#include <utility>
#include <vector>

namespace mexport::exporter {
namespace {

using monitor::EventKind;

/// Batches and the end interrupt it.
constexpr std::chrono::seconds kPatience{10};

bool tells_of_peers(EventKind kind) {
  return kind == EventKind::identify_event || kind == EventKind::connection_event;
}

/// The events that tell of peers, in a batch of their own; null when there are none.
BatchPtr select(const Batch& batch) {
  auto selected = std::make_shared<Batch>();
  for (auto event : batch.events) {
    if (!tells_of_peers(event.kind)) continue;
    const auto line = batch.extended(event);
    event.offset = static_cast<std::uint32_t>(selected->lines.size());
    selected->lines.append(line).push_back('\n');
    selected->events.push_back(event);
  }
  if (selected->events.empty()) return nullptr;
  selected->first = batch.first;
  selected->last = batch.last;
  return selected;
}

}  // namespace

PeerstoreSink::~PeerstoreSink() {
  stop(std::chrono::steady_clock::now());
}

base::Status PeerstoreSink::start(const SinkContext& /*context*/) {
  try {
    thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error& error) {
    return base::fail(error.code());
  }
  return {};
}

void PeerstoreSink::submit(BatchPtr batch) noexcept {
  if (batch->large) return;  // a message
  if (auto selected = select(*batch)) queue_.push(std::move(selected));
}

void PeerstoreSink::stop(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    deadline_ = deadline;
  }
  queue_.close();
  thread_.join();
}

void PeerstoreSink::loop() {
  base::name_this_thread("peerstore");
  for (;;) {
    const bool closed = queue_.closed();  // asked first: what came before the end is taken
    const auto item = queue_.pop(kPatience);
    if (item && item->batch) write(*item->batch);
    if (!item && closed) return;
  }
}

void PeerstoreSink::write(const Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    if (std::chrono::steady_clock::now() >= deadline_) {
      return count_lost(batch, monitor::LossReason::stopped, statistics_.lost);
    }
  }
  std::vector<PeerSighting> sightings;
  for (const auto& event : batch.events) {
    if (auto sighting = read_sighting(batch.extended(event))) {
      sightings.push_back(std::move(*sighting));
    }
  }
  const auto done = store_->update(sightings, batch.last);
  const std::lock_guard lock(mutex_);
  if (!done) return count_lost(batch, monitor::LossReason::disk_error, statistics_.lost);
  for (const auto& event : batch.events) {
    ++statistics_.written[static_cast<std::size_t>(event.kind)];
  }
}

SinkStatistics PeerstoreSink::statistics() const {
  const auto store = store_->statistics();
  SinkStatistics statistics;
  {
    const std::lock_guard lock(mutex_);
    statistics = statistics_;
  }
  add_lost(queue_.lost(), statistics.lost);
  statistics.queued_bytes = queue_.bytes();
  statistics.errors = store.errors;
  return statistics;
}

}  // namespace mexport::exporter
