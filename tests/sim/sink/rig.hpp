// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/attempts.hpp"
#include "export/amqp/delivery.hpp"
#include "tests/sim/sink/broker.hpp"
#include "tests/sim/sink/ledger.hpp"
#include "tests/sim/sink/plan.hpp"
#include "tests/sim/sink/store.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::sim::sink {

struct Outcome {
  std::uint64_t bodies = 0;
  std::uint64_t publishings = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t losses = 0;
  int processes = 0;
  std::vector<std::string> faults;
};

/// The AMQP sink's steps as its thread takes them, on virtual time, from the source to a consumer;
/// what goes wrong is drawn from the seed.
class Rig final : private exporter::amqp::LinkEvents {
 public:
  /// Files go to `directory`.
  Rig(std::uint64_t seed, const std::string& directory);
  Outcome run();

 private:
  void on_ack(std::uint64_t tag, bool multiple) override;
  void on_nack(std::uint64_t tag, bool multiple) override;
  void on_return(std::string_view routing_key, std::string_view run_id,
                 std::uint64_t first) override;
  void on_blocked(bool blocked, std::string_view reason) override;

  std::unique_ptr<exporter::amqp::BodyStore> open_store() const;
  void begin_process();
  void kill();
  void stop();
  void step();
  void pass_time();
  void make_bodies();
  void make_body(bool message);
  void keep_link();
  void publish();
  void take_gaps();
  void drain();

  // What goes wrong, and what ends it.
  void maybe_fault();
  void start_fault();
  void schedule(std::chrono::milliseconds longest, std::function<void()> end);
  void end_due_faults(bool all);
  void disconnect();

  Plan plan_;
  std::string directory_;
  base::SeededRandom random_;
  Ledger ledger_;
  Broker broker_{random_, ledger_};
  std::unique_ptr<Store> store_;
  std::optional<exporter::amqp::Attempts> attempts_;
  std::optional<exporter::amqp::Delivery> delivery_;

  base::SteadyTime now_{std::chrono::hours(1)};
  base::SteadyTime linked_at_{};
  bool reachable_ = true;
  bool noticed_ = true;  ///< that the connection is gone
  int process_ = 0;
  std::string run_id_;
  std::uint64_t messages_ = 0;
  std::uint64_t connections_ = 0;
  std::uint64_t counted_losses_ = 0;
  double owed_bodies_ = 0;
  base::SteadyTime disk_failed_at_{};
  std::deque<exporter::SpooledBody> queue_;
  struct Ending {
    base::SteadyTime at;
    std::function<void()> end;
  };
  std::vector<Ending> endings_;
};

}  // namespace mexport::sim::sink
