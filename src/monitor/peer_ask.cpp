// SPDX-License-Identifier: MIT
#include "monitor/peer_ask.hpp"

#include <algorithm>
#include <utility>

namespace mexport::monitor {

/// Passes on what becomes of one attempt, as long as the ask is there.
class PeerAsk::Receipt final : public wire::WantlistReceipt {
 public:
  explicit Receipt(PeerAsk& ask) : ask_(ask.weak_from_this()), attempt_(ask.attempt_) {}
  void on_written(const Written& written) override {
    if (const auto ask = ask_.lock()) ask->on_written(written);
  }
  void on_done(std::string_view error) override {
    if (const auto ask = ask_.lock()) ask->on_sent(attempt_, error);
  }

 private:
  const std::weak_ptr<PeerAsk> ask_;
  const std::uint32_t attempt_;
};

PeerAsk::PeerAsk(base::Runtime& runtime, const base::Clock& clock, const AskPatience& patience,
                 Events& events, AskedPeer& peer, std::shared_ptr<AskPlan> plan)
    : runtime_(runtime),
      clock_(clock),
      patience_(patience),
      events_(events),
      peer_(peer),
      plan_(std::move(plan)),
      timer_([](void* self) { static_cast<PeerAsk*>(self)->on_timer(); }, this) {
  report_.peer = peer_.name();
}

void PeerAsk::start() {
  cancelling_ = plan_->kind() == AskKind::cancel;
  wanted_at_ = runtime_.now();
  begin();
}

void PeerAsk::begin() {
  began_ = runtime_.now();
  step().before = clock_.wall_now();
  tries_ = 0;
  events_.on_sending();
  send();
}

void PeerAsk::send() {
  state_ = State::sending;
  ++tries_;
  runtime_.timers().arm(timer_, began_ + patience_.timeout);
  ++attempt_;
  const auto sent = peer_.sender->send(wantlist(), std::make_unique<Receipt>(*this));
  if (!sent) on_sent(attempt_, sent.error().message());
}

void PeerAsk::on_written(const wire::WantlistReceipt::Written& written) {
  if (written.before) step().before = *written.before;
  if (!cancelling_) {
    report_.want.want_type = written.protocol == wire::BitswapProtocol::v1_2_0
                                 ? wire::WantType::have
                                 : wire::WantType::block;
  }
  events_.on_written(*this, wantlist(), written.protocol, written.size);
}

void PeerAsk::on_sent(std::uint32_t attempt, std::string_view error) {
  if (attempt != attempt_ || state_ != State::sending) return;
  if (error.empty()) return end_step({});
  const auto again = runtime_.now() + patience_.retry_pause;
  if (tries_ >= patience_.tries || again >= began_ + patience_.timeout) {
    return end_step(std::string(error));
  }
  state_ = State::pausing;
  runtime_.timers().arm(timer_, again);
}

void PeerAsk::on_timer() {
  const auto self = shared_from_this();
  if (state_ == State::pausing) return send();
  if (state_ == State::waiting) return begin();
  ++attempt_;
  peer_.sender->reset();
  end_step("timed out");
}

void PeerAsk::end_step(std::string error) {
  timer_.disarm();
  auto& report = step();
  report.took = runtime_.now() - began_;
  const bool failed = !error.empty();
  report.error = std::move(error);
  events_.on_sent(*this, failed);
  if (cancelling_ || plan_->kind() == AskKind::want) return finish();
  cancelling_ = true;
  state_ = State::waiting;
  runtime_.timers().arm(timer_, std::max(runtime_.now(), wanted_at_ + plan_->cancel_after()));
}

void PeerAsk::disconnected() {
  give_up("disconnected");
}

void PeerAsk::stop() {
  const bool owes =
      plan_->kind() == AskKind::want_cancel && (!cancelling_ || state_ != State::sending);
  if (owes) {
    const bool before = std::exchange(cancelling_, true);
    ++attempt_;
    // What becomes of it is not waited for.
    (void)peer_.sender->send(wantlist(), std::make_unique<Receipt>(*this));
    ++attempt_;
    cancelling_ = before;
  }
  give_up("the node is stopping");
}

void PeerAsk::give_up(const std::string& error) {
  ++attempt_;
  timer_.disarm();
  if (state_ == State::sending || state_ == State::pausing) {
    step().took = runtime_.now() - began_;
    step().error = error;
    events_.on_sent(*this, true);
  }
  if (plan_->kind() == AskKind::want_cancel && report_.cancel.error.empty()) {
    if (report_.cancel.before == base::WallTime{}) report_.cancel.before = clock_.wall_now();
    report_.cancel.error = error;
  }
  finish();
}

void PeerAsk::finish() {
  state_ = State::ended;
  events_.on_finished(*this);
}

}  // namespace mexport::monitor
