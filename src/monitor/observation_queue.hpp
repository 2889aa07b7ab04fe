// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "monitor/chunk_queue.hpp"
#include "monitor/loss.hpp"
#include "monitor/observation.hpp"
#include "monitor/wake_up.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace mexport::monitor {

/// What crosses a queue: a fact, or how many are missing before the next one.
using QueueItem = std::variant<LostFacts, Fact>;
/// Of a fact its own, of a loss that of the last fact lost.
base::SteadyTime time_of(const QueueItem& item);

/// A fact that has left its queue, which counts it as waiting until `weight` is gone.
struct TakenFact {
  Fact fact;
  std::shared_ptr<void> weight;
};

/// One host thread's way to the export thread: bounded by count and by bytes. What does not fit is
/// dropped and counted per kind and reason; once it drops it goes on until a quarter is free again,
/// so that losses are few long gaps. Nothing locks while there is room.
/// submit(), begin_batch() and end_batch() belong to one writing thread, the rest to one reader.
class ObservationQueue final : public ObservationSink {
 public:
  struct Limits {
    std::size_t facts = 65'536;
    std::size_t bytes = 64 << 20;  ///< one fact is taken whatever its size when nothing waits
  };

  /// `reader` must outlive the queue.
  ObservationQueue(Limits limits, WakeUp& reader) : limits_(limits), reader_(reader) {}

  void submit(Fact&& fact) noexcept override;
  void lost(EventKind kind, std::uint64_t count, base::SteadyTime at) noexcept override;
  void begin_batch(base::SteadyTime now) noexcept override;
  /// Wakes the reader if anything came.
  void end_batch() noexcept override;
  /// Many small facts count for as much as their number takes of its limit.
  std::size_t waiting() const noexcept override {
    return std::max(bytes(), facts() * fact_share()) + taken_bytes_->load();
  }

  /// Since when the writer has been busy; SteadyTime::max() while it is not. Facts that come later
  /// have times not before this.
  base::SteadyTime busy_since() const;
  /// The oldest item, or nullptr; valid until pop().
  QueueItem* front();
  void pop();
  /// Bytes of the oldest item, as its bound counts them; 0 for a loss. Pre-condition: there is one.
  std::size_t front_size();
  /// Takes the oldest item out, which is a fact, for who keeps it.
  TakenFact take();

  /// What waits. Exact for neither thread while the other works.
  std::size_t facts() const { return facts_in_.value() - facts_out_.value(); }
  std::size_t bytes() const { return bytes_in_.value() - bytes_out_.value(); }

 private:
  struct Slot {
    QueueItem item;
    std::size_t size = 0;
  };

  std::size_t fact_share() const { return limits_.bytes / std::max<std::size_t>(limits_.facts, 1); }
  /// Tells `change` of what the fact weighs, if it is of those that connections are held to.
  template <class Change>
  void weigh(const Fact& fact, std::size_t size, Change change) const {
    const auto* message = std::get_if<BitswapMessageReceived>(&fact);
    if (message == nullptr || !message->connection) return;
    change(message->connection->waiting, std::max(size, fact_share()));
  }
  void settle(const Slot& slot);
  std::optional<LossReason> refusal(std::size_t size);
  void lose(EventKind kind, LossReason reason, std::uint64_t count, base::SteadyTime at);
  void enqueue_lost();
  void tell_reader() noexcept;
  bool take_lost();

  Limits limits_;
  WakeUp& reader_;
  ChunkQueue<Slot> queue_;

  alignas(64) base::Counter facts_in_;  // the writer's
  base::Counter bytes_in_;
  std::optional<LossReason> dropping_;
  bool in_batch_ = false;
  bool news_ = false;  // since the reader was last signalled
  std::atomic<base::SteadyTime::rep> busy_since_{
      base::SteadyTime::max().time_since_epoch().count()};

  alignas(64) base::Counter facts_out_;  // the reader's
  base::Counter bytes_out_;
  std::vector<QueueItem> taken_;  // losses that no fact follows, newest first
  // Of TakenFacts, which may outlive the queue.
  std::shared_ptr<std::atomic<std::size_t>> taken_bytes_ =
      std::make_shared<std::atomic<std::size_t>>(0);

  // Losses that wait for a place in the queue: oldest first when they are taken or enqueued.
  std::atomic<bool> has_lost_{false};
  std::mutex lost_mutex_;
  std::vector<LostFacts> lost_;
};

}  // namespace mexport::monitor
