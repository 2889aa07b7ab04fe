// SPDX-License-Identifier: MIT
#pragma once

#include "base/runtime.hpp"
#include "base/timer_wheel.hpp"
#include "monitor/ask_plan.hpp"
#include "monitor/asked_peer.hpp"
#include "monitor/asking.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mexport::monitor {

/// How patient one is with a peer.
struct AskPatience {
  std::chrono::milliseconds timeout{30'000};   ///< for a message to be out
  std::chrono::milliseconds retry_pause{100};  ///< after a stream was lost (boxo:
                                               ///< bitswap/network/bsnet/options.go)
  int tries = 3;                               ///< of one message, the first included
};

/// What a peer is sent by one ask: a WANT, a CANCEL, or both, each tried again on another stream
/// when one is lost. One shard.
class PeerAsk final : public std::enable_shared_from_this<PeerAsk> {
 public:
  /// What its owner is told.
  class Events {
   public:
    virtual void on_sending() = 0;
    /// A message was written, `size` bytes of protobuf.
    virtual void on_written(PeerAsk& ask,
                            const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                            wire::BitswapProtocol protocol, std::size_t size) = 0;
    /// A message is out, or given up.
    virtual void on_sent(PeerAsk& ask, bool failed) = 0;
    /// All are. The last call; it may let the ask go.
    virtual void on_finished(PeerAsk& ask) = 0;

   protected:
    ~Events() = default;
  };

  /// All outlive it, `peer` until disconnected().
  PeerAsk(base::Runtime& runtime, const base::Clock& clock, const AskPatience& patience,
          Events& events, AskedPeer& peer, std::shared_ptr<AskPlan> plan);

  void start();
  /// The connection is going: nothing more is sent.
  void disconnected();
  /// The host is stopping: a CANCEL that is owed goes now, and nothing is waited for.
  void stop();

  AskPlan& plan() { return *plan_; }
  AskedPeer& peer() { return peer_; }
  PeerReport take_report() { return std::move(report_); }

 private:
  enum class State : std::uint8_t { sending, pausing, waiting, ended };

  SendReport& step() { return cancelling_ ? report_.cancel : report_.want; }
  void begin();
  void send();
  class Receipt;

  const std::shared_ptr<const wire::OutgoingWantlist>& wantlist() const {
    return cancelling_ ? plan_->cancel() : plan_->want();
  }
  void on_written(const wire::WantlistReceipt::Written& written);
  void on_sent(std::uint32_t attempt, std::string_view error);
  void on_timer();
  void end_step(std::string error);
  void finish();
  void give_up(const std::string& error);

  base::Runtime& runtime_;
  const base::Clock& clock_;
  const AskPatience& patience_;
  Events& events_;
  AskedPeer& peer_;
  const std::shared_ptr<AskPlan> plan_;
  PeerReport report_;
  State state_ = State::waiting;
  bool cancelling_ = false;
  int tries_ = 0;
  std::uint32_t attempt_ = 0;  // what is heard of an earlier one is old
  base::SteadyTime wanted_at_{};
  base::SteadyTime began_{};
  base::Timer timer_;
};

}  // namespace mexport::monitor
