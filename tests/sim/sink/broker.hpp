// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "export/amqp/link.hpp"
#include "tests/sim/sink/ledger.hpp"

#include <deque>
#include <set>
#include <string>
#include <vector>

namespace mexport::sim::sink {

/// A broker with one connection on virtual time: it takes publishings after a while, passes them on
/// to the consumer, returns or refuses them, and confirms late, in any order, several at once.
class Broker {
 public:
  /// `random` and `ledger` outlive it.
  Broker(base::Random& random, Ledger& ledger) : random_(random), ledger_(ledger) {}

  void connect(int process);
  /// Of what is under way to it, some may still arrive; nothing comes back.
  void cut();
  bool connected() const { return connected_; }

  /// The sink sends; returns the tag.
  std::uint64_t publish(const exporter::amqp::Outgoing& outgoing, base::SteadyTime now);
  /// What has come to it by now is done, and what it has said by now is told.
  void step(base::SteadyTime now, exporter::amqp::LinkEvents& events);
  /// Whether it has told to send nothing.
  void set_blocked(bool blocked, exporter::amqp::LinkEvents& events);

  // What goes wrong.
  bool hung = false;
  std::uint64_t refuse_percent = 0;
  std::set<std::string> unbound;  ///< routing keys
  std::chrono::milliseconds slowest{20};

 private:
  struct Publishing {
    std::size_t number = 0;
    exporter::amqp::Outgoing as_sent;
    std::uint64_t place = 0;
    base::SteadyTime arrives{};
  };
  struct Answer {
    std::uint64_t tag = 0;
    std::size_t number = 0;
    base::SteadyTime due{};
    bool taken = true;  ///< or refused
    bool returned = false;
  };

  void take(const Publishing& publishing, base::SteadyTime now);
  void answer(const Answer& answer, exporter::amqp::LinkEvents& events);
  void tell_return(const Answer& answer, exporter::amqp::LinkEvents& events);
  bool acknowledge_with_others(std::uint64_t tag, exporter::amqp::LinkEvents& events);
  std::chrono::milliseconds delay();

  base::Random& random_;
  Ledger& ledger_;
  bool connected_ = false;
  bool blocked_ = false;
  int process_ = 0;
  std::uint64_t last_tag_ = 0;
  base::SteadyTime last_arrival_{};
  std::deque<Publishing> coming_;
  std::vector<Answer> going_;  // by tag
};

}  // namespace mexport::sim::sink
