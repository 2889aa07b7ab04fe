// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "export/amqp/amqp_sink.hpp"
#include "export/amqp/body_store.hpp"
#include "export/amqp/connector.hpp"
#include "export/batch_queue.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace mexport::exporter::amqp {

/// What the thread of an AmqpSink does, step by step: takes batches from the queue, keeps a link,
/// publishes, reads confirms. One thread, except where noted.
class AmqpWorker final : private LinkEvents {
 public:
  /// `clock` must outlive it; `random` is drawn from here alone.
  AmqpWorker(AmqpOptions options, std::unique_ptr<BodyStore> store, const base::Clock& clock,
             base::Random& random, base::Logger logger);

  const AmqpOptions& options() const { return options_; }
  /// Where the export thread puts its batches. From any thread.
  BatchQueue& queue() { return queue_; }

  /// `context` outlives it.
  void begin(const SinkContext& context);
  /// Does what can be done now, and waits a little when that is nothing. False once the queue is
  /// closed and empty and no more can be sent.
  bool step();
  /// Keeps what is not confirmed, closes the link within `patience`. The last call.
  void end(std::chrono::milliseconds patience);

  /// Makes a step that waits for the broker end at once. From any thread.
  void abort();
  /// From any thread.
  SinkStatistics statistics() const;

 private:
  void on_ack(std::uint64_t tag, bool multiple) override;
  void on_nack(std::uint64_t tag, bool multiple) override;
  void on_return(std::string_view routing_key, std::string_view run_id,
                 std::uint64_t first) override;
  void on_blocked(bool blocked, std::string_view reason) override;

  bool publishes(monitor::EventKind kind) const;
  void take();
  void add(const BatchPtr& batch);
  void keep_link();
  void connected(std::unique_ptr<Link> link);
  void connection_failed(const LinkError& error);
  void lost_link(const LinkError& error);
  void publish();
  void read();
  void keep_store();
  bool more_to_send();
  std::chrono::milliseconds patience() const;
  std::string broker() const;
  void set_link(std::unique_ptr<Link> link);
  void take_snapshot(bool now);
  void tell_losses();
  void tell_gaps();

  const AmqpOptions options_;
  const base::Clock& clock_;
  const base::Logger logger_;
  const std::unique_ptr<BodyStore> store_;
  BatchQueue queue_;
  std::optional<BodyMaker> maker_;
  std::vector<SpooledBody> made_;
  Delivery delivery_;
  base::SeededRandom random_;
  Attempts attempts_;
  Connector connector_;
  std::unique_ptr<Link> link_;  // changed under link_mutex_, for abort()
  std::mutex link_mutex_;
  bool aborted_ = false;
  base::SteadyTime linked_at_{};
  bool blocked_ = false;
  bool store_failing_ = false;
  std::uint64_t errors_ = 0;
  std::uint64_t connections_ = 0;
  std::string last_error_;
  std::string told_error_;

  base::SteadyTime snapshot_due_{};
  const SinkContext* context_ = nullptr;
  std::string run_id_;
  base::SteadyTime losses_due_{};
  base::SteadyTime gaps_due_{};
  monitor::LossTable told_losses_{};

  struct Snapshot {
    Delivery::Counters counters;
    DeliveryStatistics state;
    std::optional<base::WallTime> oldest;
    std::uint64_t errors = 0;
    std::uint64_t connections = 0;
  };
  mutable std::mutex snapshot_mutex_;
  Snapshot snapshot_;
};

}  // namespace mexport::exporter::amqp
