// SPDX-License-Identifier: MIT
#include "tests/sim/sink/broker.hpp"

#include <algorithm>
#include <utility>

namespace mexport::sim::sink {

using exporter::amqp::LinkEvents;
using exporter::amqp::Outgoing;
using std::chrono::milliseconds;

void Broker::connect(int process) {
  connected_ = true;
  blocked_ = false;
  process_ = process;
  last_tag_ = 0;
}

void Broker::cut() {
  connected_ = false;
  const auto arrive = random_.below(coming_.size() + 1);
  for (std::uint64_t i = 0; i < arrive && !hung; ++i) take(coming_[i], {});
  coming_.clear();
  going_.clear();
}

milliseconds Broker::delay() {
  return milliseconds(random_.below(static_cast<std::uint64_t>(slowest.count()) + 1));
}

std::uint64_t Broker::publish(const Outgoing& outgoing, base::SteadyTime now) {
  const auto& body = outgoing.body;
  const auto number = ledger_.find(body.routing_key, body.run_id, body.first);
  if (!connected_) ledger_.fault("sent without a connection");
  if (blocked_) ledger_.fault("sent while the broker blocks");
  ledger_.published(number, process_);
  last_arrival_ = std::max(last_arrival_, now + delay());
  coming_.push_back({number, outgoing, ledger_.publishings(), last_arrival_});
  coming_.back().as_sent.tag = ++last_tag_;
  return last_tag_;
}

void Broker::set_blocked(bool blocked, LinkEvents& events) {
  if (!connected_ || blocked_ == blocked) return;
  blocked_ = blocked;
  events.on_blocked(blocked, "");
}

void Broker::take(const Publishing& publishing, base::SteadyTime now) {
  auto& entry = ledger_.entry(publishing.number);
  Answer answer{.tag = publishing.as_sent.tag, .number = publishing.number, .due = now + delay()};
  if (unbound.contains(entry.body.routing_key)) {
    entry.returned = answer.returned = true;
  } else if (random_.below(100) < refuse_percent) {
    entry.refused = true;
    answer.taken = false;
  } else {
    ledger_.delivered(publishing.number, publishing.as_sent, publishing.place, process_);
  }
  going_.push_back(answer);
}

void Broker::step(base::SteadyTime now, LinkEvents& events) {
  if (!connected_ || hung) return;
  while (!coming_.empty() && coming_.front().arrives <= now) {
    const auto publishing = std::move(coming_.front());
    coming_.pop_front();
    take(publishing, now);
  }
  const auto due = [now](const Answer& answer) { return answer.due <= now; };
  for (auto next = std::ranges::find_if(going_, due); next != going_.end();
       next = std::ranges::find_if(going_, due)) {
    if (random_.below(4) == 0 && acknowledge_with_others(next->tag, events)) continue;
    const auto told = *next;
    going_.erase(next);
    answer(told, events);
  }
}

void Broker::tell_return(const Answer& answer, LinkEvents& events) {
  const auto& body = ledger_.entry(answer.number).body;
  if (answer.returned) {
    events.on_return(body.routing_key, body.run_id, body.first);
  } else {
    ledger_.confirmed(answer.number, process_);
  }
}

void Broker::answer(const Answer& answer, LinkEvents& events) {
  if (!answer.taken) {
    events.on_nack(answer.tag, false);
    return;
  }
  tell_return(answer, events);
  events.on_ack(answer.tag, false);
}

/// With all before it, in one, when it has taken them all.
bool Broker::acknowledge_with_others(std::uint64_t tag, LinkEvents& events) {
  const auto end =
      std::ranges::find_if(going_, [tag](const auto& answer) { return answer.tag > tag; });
  if (!std::all_of(going_.begin(), end, [](const auto& answer) { return answer.taken; }))
    return false;
  for (auto answer = going_.begin(); answer != end; ++answer) tell_return(*answer, events);
  going_.erase(going_.begin(), end);
  events.on_ack(tag, true);
  return true;
}

}  // namespace mexport::sim::sink
