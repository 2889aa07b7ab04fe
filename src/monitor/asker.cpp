// SPDX-License-Identifier: MIT
#include "monitor/asker.hpp"

#include <algorithm>

namespace mexport::monitor {
namespace {

/// Between two turns while there are peers left to be asked.
constexpr std::chrono::milliseconds kTurn{5};
/// In one turn: asked, and looked at.
constexpr std::size_t kAskedPerTurn = 64;
constexpr std::size_t kSeenPerTurn = 4096;
/// Of a message's blocks and of its presences: honest ones have some hundreds at most.
constexpr std::size_t kAnswersLookedAt = 1024;

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> AskerCounters::list() const {
  return {{"probe_messages_sent", sent.value()}, {"probe_messages_failed", failed.value()}};
}

bool speaks_bitswap(const std::vector<std::string>* protocols) {
  return protocols == nullptr || std::ranges::any_of(*protocols, [](const auto& protocol) {
           return wire::parse_bitswap_protocol(protocol).has_value();
         });
}

Asker::Asker(base::Runtime& runtime, const base::Clock& clock, AskSite& site, AskerOptions options)
    : runtime_(runtime),
      clock_(clock),
      site_(site),
      options_(options),
      timer_([](void* self) { static_cast<Asker*>(self)->pump(); }, this) {}

Asker::~Asker() = default;

void Asker::start(std::shared_ptr<AskPlan> plan) {
  if (stopped_) return plan->shard_done(true);
  runs_.push_back(std::make_unique<Run>());
  runs_.back()->plan = std::move(plan);
  if (!timer_.armed()) runtime_.timers().arm(timer_, runtime_.now());
}

void Asker::pump() {
  // The first in line goes to its end: the next is behind it.
  std::ranges::rotate(runs_, runs_.empty() ? runs_.begin() : runs_.begin() + 1);
  for (const auto& run : runs_) walk(*run);
  const bool more = std::ranges::any_of(runs_, [](const auto& run) { return !run->walk.ended(); });
  remove_done_runs();
  if (more) runtime_.timers().arm(timer_, runtime_.now() + kTurn);
}

std::size_t Asker::allowance(const Run& run) {
  const auto by_bytes =
      options_.unsent_bytes / std::max<std::size_t>(run.plan->message_size(), 1) + 1;
  const auto room = std::min(options_.at_once, by_bytes);
  const auto most = std::min(kAskedPerTurn, room - std::min(room, sending_));
  std::size_t allowed = 0;
  while (allowed < most && rate_.take(options_.peers, runtime_.now())) ++allowed;
  return allowed;
}

void Asker::walk(Run& run) {
  if (run.walk.ended()) return;
  if (run.plan->listener().abandoned()) {
    run.walk.slice(0, [](std::size_t) {}, [] { return false; });
    return;
  }
  std::size_t left = allowance(run);
  if (left == 0) return;
  std::size_t seen = 0;
  run.walk.slice(
      site_.size(),
      [&](std::size_t index) {
        ++seen;
        if (!may_ask(run, index)) return;
        ask(run, index);
        --left;
      },
      [&] { return left == 0 || seen >= kSeenPerTurn; });
}

bool Asker::may_ask(Run& run, std::size_t index) {
  const auto id = site_.id(index);
  if (!run.plan->chosen(id)) return false;
  const auto state = site_.state(index);
  const auto now = runtime_.now();
  if (state.closing || now < state.opened_at + options_.ready_after) return false;
  if (!speaks_bitswap(state.protocols)) return false;
  if (state.asked != nullptr && now < state.asked->not_before) return false;
  if (site_.excluded(index)) return false;
  return run.asked.insert(id).second;
}

void Asker::ask(Run& run, std::size_t index) {
  auto& peer = site_.peer(index);
  PeerAsk::Events& events = *this;
  auto made =
      std::make_shared<PeerAsk>(runtime_, clock_, options_.patience, events, peer, run.plan);
  auto* const asked = made.get();
  peer.asks.push_back(asked);
  asks_.emplace(asked, Asked{std::move(made), &run});
  ++run.open;
  asked->start();
}

void Asker::on_sending() {
  ++sending_;
}

void Asker::on_written(PeerAsk& ask, const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                       wire::BitswapProtocol protocol, std::size_t size) {
  if (wantlist == ask.plan().want()) {
    auto& asked = ask.peer().asked;
    asked.push_back({ask.plan().asked(), runtime_.now()});
    if (asked.size() > AskedPeer::kRemembered) asked.pop_front();
  }
  site_.on_asked(ask.peer(), wantlist, protocol, size, ask.plan().request());
}

void Asker::on_sent(PeerAsk& ask, bool failed) {
  --sending_;
  if (!failed) return counters_.sent.add();
  counters_.failed.add();
  const auto rest = options_.rest_after_failure;
  const auto jitter = runtime_.random().next() %
                      static_cast<std::uint64_t>(std::max<std::int64_t>(rest.count() / 6, 1));
  ask.peer().not_before = runtime_.now() + rest + std::chrono::milliseconds(jitter);
}

void Asker::on_finished(PeerAsk& ask) {
  const auto found = asks_.find(&ask);
  const auto kept = std::move(found->second.ask);  // until the end of this
  Run& run = *found->second.run;
  asks_.erase(found);
  std::erase(ask.peer().asks, &ask);
  run.plan->listener().on_peer(ask.take_report());
  --run.open;
  // Its caller may be going through the runs.
  if (run.open == 0 && !stopped_ && !timer_.armed()) runtime_.timers().arm(timer_, runtime_.now());
}

void Asker::remove_done_runs() {
  std::erase_if(runs_, [&](const auto& run) {
    if (!run->walk.ended() || run->open > 0) return false;
    run->plan->shard_done(stopped_);
    return true;
  });
}

std::vector<std::uint64_t> Asker::answered(const AskedPeer& peer,
                                           const wire::BitswapMessage& message) const {
  std::vector<std::uint64_t> requests;
  if (message.blocks.empty() && message.presences.empty()) return requests;
  for (const auto& asked : peer.asked) {
    const auto request = asked.cids->request();
    if (!tell_answers(peer, asked, message)) continue;
    if (requests.empty() || requests.back() != request) requests.push_back(request);
  }
  return requests;
}

/// Whether there are any; who asked hears of each.
bool Asker::tell_answers(const AskedPeer& peer, const AskedPeer::Asked& asked,
                         const wire::BitswapMessage& message) const {
  bool any = false;
  const auto listener = asked.cids->listener();
  const auto look_at = [&](const auto& items, auto kind_of) {
    for (std::size_t i = 0; i < std::min(items.size(), kAnswersLookedAt); ++i) {
      const auto bytes = message.cid(items[i].cid);
      if (!asked.cids->contains(bytes)) continue;
      any = true;
      if (!listener) return;
      listener->on_answer({.peer = peer.name(),
                           .cid = *multiformats::Cid::from_bytes(bytes),
                           .kind = kind_of(items[i]),
                           .after = runtime_.now() - asked.at});
    }
  };
  look_at(message.blocks, [](const auto&) { return AnswerKind::block; });
  look_at(message.presences, [](const auto& presence) {
    return presence.type == static_cast<std::int32_t>(wire::BlockPresence::have)
               ? AnswerKind::have
               : AnswerKind::dont_have;
  });
  return any;
}

void Asker::on_disconnected(const AskedPeer& peer) {
  const auto asks = peer.asks;
  for (auto* ask : asks) ask->disconnected();
}

void Asker::stop() {
  if (std::exchange(stopped_, true)) return;
  timer_.disarm();
  std::vector<std::shared_ptr<PeerAsk>> asks;
  asks.reserve(asks_.size());
  for (const auto& [ask, kept] : asks_) asks.push_back(kept.ask);
  for (const auto& ask : asks) ask->stop();
  for (const auto& run : std::exchange(runs_, {})) run->plan->shard_done(true);
}

}  // namespace mexport::monitor
