// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "export/amqp/address.hpp"
#include "export/amqp/attempts.hpp"
#include "export/amqp/body.hpp"
#include "export/amqp/delivery.hpp"
#include "export/amqp/link.hpp"
#include "export/sink.hpp"
#include "export/spool/spool.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::exporter::amqp {

struct AmqpOptions {
  std::string name = "amqp";       ///< of the sink
  std::vector<Address> brokers{};  ///< at least one; tried in their order
  std::string monitor_name{};      ///< in the routing keys
  Fields fields = Fields::reference;
  /// That are published.
  std::vector<monitor::EventKind> kinds{kReferenceKinds.begin(), kReferenceKinds.end()};
  LinkOptions link{};
  Delivery::Options delivery{};
  Attempts::Pauses pauses{};
  std::size_t queue_bytes = 64 << 20;  ///< encoded events that may wait for the sink's thread
  /// Where bodies wait that the broker has not taken over. Without a spool: in so much memory.
  std::optional<std::string> spool_path{};
  Spool::Options spool{};
  std::size_t memory_bytes = 64 << 20;
};

/// Publishes events to RabbitMQ as the reference does (docs/export.md). Whatever the broker does,
/// the node goes on: what is not confirmed is kept, sent again, and at last lost and counted.
class AmqpSink final : public Sink {
 public:
  /// Opens the spool: errors are those of Spool::open(). `clock` and `random` must outlive the
  /// sink.
  static base::Result<std::unique_ptr<AmqpSink>> create(AmqpOptions options,
                                                        const base::Clock& clock,
                                                        base::Random& random, base::Logger logger);
  ~AmqpSink() override;

  std::string_view name() const override;
  /// Begins the thread, which connects. No broker is needed for that.
  base::Status start(const SinkContext& context) override;
  void submit(BatchPtr batch) noexcept override;
  /// Sends what there is, as long as the broker takes it; the rest stays in the spool.
  void stop(std::chrono::steady_clock::time_point deadline) override;
  SinkStatistics statistics() const override;

 private:
  class Impl;
  explicit AmqpSink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter::amqp
