// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/asking.hpp"
#include "tests/sim/scheduler.hpp"
#include "tests/sim/truth.hpp"

#include <set>
#include <string>

namespace mexport::sim {

/// Holds what becomes of one request of the probe against what may.
class ProbeCheck final : public monitor::AskListener {
 public:
  /// All outlive it.
  ProbeCheck(monitor::Ask ask, const Scheduler& scheduler, Truth& truth)
      : ask_(std::move(ask)), scheduler_(scheduler), truth_(truth), began_(scheduler.now()) {}

  const monitor::Ask& ask() const { return ask_; }
  /// Nobody waits for it any more.
  void abandon() { abandoned_ = true; }
  /// The end of all: it must be done by now.
  void check_done() const;
  std::size_t peers() const { return peers_.size(); }

  bool abandoned() const override { return abandoned_; }
  void on_peer(monitor::PeerReport&& report) override;
  void on_done(bool stopped) override;

 private:
  void check_sent(const std::string& peer, const monitor::SendReport& sent);

  const monitor::Ask ask_;
  const Scheduler& scheduler_;
  Truth& truth_;
  const base::SteadyTime began_;
  bool abandoned_ = false;
  bool done_ = false;
  std::set<std::string> peers_;
};

}  // namespace mexport::sim
