// SPDX-License-Identifier: MIT
#include "node/asker.hpp"

#include "ipfs/bitswap/protocols.hpp"

#include <algorithm>

namespace mexport::node {
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
  return protocols == nullptr || std::ranges::any_of(ipfs::kBitswapProtocols, [&](auto protocol) {
           return std::ranges::find(*protocols, protocol) != protocols->end();
         });
}

std::vector<std::uint64_t> askable_connections(const libp2p::PeerDirectory& directory,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter) {
  const std::unordered_set<multiformats::PeerId> peers(filter.peers.begin(), filter.peers.end());
  const auto wanted = [&](const libp2p::PeerDirectory::Listed& listed) {
    if (!peers.empty() && !peers.contains(privacy.shown(listed.peer))) return false;
    const auto& agent = listed.snapshot->agent_version;
    return filter.agent.empty() || (agent && agent->find(filter.agent) != std::string::npos);
  };
  std::vector<std::uint64_t> connections;
  for (std::size_t i = 0; i < libp2p::PeerDirectory::kParts; ++i) {
    for (const auto& listed : directory.part(i)) {
      if (listed.connections.empty() || !speaks_bitswap(listed.snapshot->protocols.get())) continue;
      if (!wanted(listed)) continue;
      connections.push_back(listed.connections.front());
    }
  }
  return connections;
}

Asker::Asker(libp2p::Swarm& swarm, const base::Clock& clock, const monitor::Privacy& privacy,
             AskerEvents& events, AskerOptions options)
    : swarm_(swarm),
      clock_(clock),
      privacy_(privacy),
      events_(events),
      options_(options),
      timer_([](void* self) { static_cast<Asker*>(self)->pump(); }, this) {}

Asker::~Asker() = default;

void Asker::start(std::shared_ptr<AskPlan> plan) {
  if (stopped_) return plan->shard_done(true);
  runs_.push_back(std::make_unique<Run>());
  runs_.back()->plan = std::move(plan);
  if (!timer_.armed()) swarm_.shard().timers().arm(timer_, swarm_.shard().now());
}

void Asker::pump() {
  // The first in line goes to its end: the next is behind it.
  std::ranges::rotate(runs_, runs_.empty() ? runs_.begin() : runs_.begin() + 1);
  for (const auto& run : runs_) walk(*run);
  const bool more = std::ranges::any_of(runs_, [](const auto& run) { return !run->walk.ended(); });
  remove_done_runs();
  auto& shard = swarm_.shard();
  if (more) shard.timers().arm(timer_, shard.now() + kTurn);
}

std::size_t Asker::allowance(const Run& run) {
  const auto by_bytes =
      options_.unsent_bytes / std::max<std::size_t>(run.plan->message_size(), 1) + 1;
  const auto room = std::min(options_.at_once, by_bytes);
  const auto most = std::min(kAskedPerTurn, room - std::min(room, sending_));
  std::size_t allowed = 0;
  while (allowed < most && rate_.take(options_.peers, swarm_.shard().now())) ++allowed;
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
  const auto connections = swarm_.connections();
  std::size_t seen = 0;
  run.walk.slice(
      connections.size(),
      [&](std::size_t index) {
        ++seen;
        if (!may_ask(run, *connections[index])) return;
        ask(run, *connections[index]);
        --left;
      },
      [&] { return left == 0 || seen >= kSeenPerTurn; });
}

bool Asker::may_ask(Run& run, libp2p::Connection& connection) {
  if (!run.plan->chosen(connection.id()) || connection.closing()) return false;
  const auto now = swarm_.shard().now();
  if (now < connection.info().opened_at + options_.ready_after) return false;
  if (!speaks_bitswap(connection.protocols().get())) return false;
  const auto& slot = connection.attachment(libp2p::AttachmentSlot::probe);
  if (slot && now < static_cast<const AskedPeer&>(*slot).not_before) return false;
  if (privacy_.excludes(connection.peer(), connection.info().remote)) return false;
  return run.asked.insert(connection.id()).second;
}

AskedPeer& Asker::peer_of(libp2p::Connection& connection) {
  auto& slot = connection.attachment(libp2p::AttachmentSlot::probe);
  if (!slot) {
    slot = std::make_unique<AskedPeer>(std::make_unique<ipfs::ConnectionStreams>(connection),
                                       options_.patience.timeout);
  }
  return static_cast<AskedPeer&>(*slot);
}

void Asker::ask(Run& run, libp2p::Connection& connection) {
  auto& peer = peer_of(connection);
  PeerAsk::Events& events = *this;
  auto made = std::make_shared<PeerAsk>(swarm_.shard(), clock_, options_.patience, events, peer,
                                        run.plan, privacy_.shown(connection.peer()).to_string());
  auto* const asked = made.get();
  peer.asks.push_back(asked);
  asks_.emplace(asked, Asked{std::move(made), &run, &connection});
  ++run.open;
  asked->start();
}

void Asker::on_sending() {
  ++sending_;
}

void Asker::on_written(PeerAsk& ask, const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                       wire::BitswapProtocol protocol, std::size_t size) {
  auto& connection = *asks_.at(&ask).connection;
  if (wantlist == ask.plan().want()) {
    auto& asked = ask.peer().asked;
    asked.push_back({ask.plan().asked(), swarm_.shard().now()});
    if (asked.size() > AskedPeer::kRemembered) asked.pop_front();
  }
  events_.on_asked(connection, wantlist, protocol, size, ask.plan().request());
}

void Asker::on_sent(PeerAsk& ask, bool failed) {
  --sending_;
  if (!failed) return counters_.sent.add();
  counters_.failed.add();
  const auto rest = options_.rest_after_failure;
  const auto jitter = swarm_.shard().random().next() %
                      static_cast<std::uint64_t>(std::max<std::int64_t>(rest.count() / 6, 1));
  ask.peer().not_before = swarm_.shard().now() + rest + std::chrono::milliseconds(jitter);
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
  auto& shard = swarm_.shard();
  if (run.open == 0 && !stopped_ && !timer_.armed()) shard.timers().arm(timer_, shard.now());
}

void Asker::remove_done_runs() {
  std::erase_if(runs_, [&](const auto& run) {
    if (!run->walk.ended() || run->open > 0) return false;
    run->plan->shard_done(stopped_);
    return true;
  });
}

std::vector<std::uint64_t> Asker::answered(libp2p::Connection& connection,
                                           const wire::BitswapMessage& message) const {
  std::vector<std::uint64_t> requests;
  if (message.blocks.empty() && message.presences.empty()) return requests;
  const auto& slot = connection.attachment(libp2p::AttachmentSlot::probe);
  if (!slot) return requests;
  for (const auto& asked : static_cast<const AskedPeer&>(*slot).asked) {
    const auto request = asked.cids->request();
    if (!tell_answers(connection, asked, message)) continue;
    if (requests.empty() || requests.back() != request) requests.push_back(request);
  }
  return requests;
}

/// Whether there are any; who asked hears of each.
bool Asker::tell_answers(const libp2p::Connection& connection, const AskedPeer::Asked& asked,
                         const wire::BitswapMessage& message) const {
  bool any = false;
  const auto listener = asked.cids->listener();
  const auto look_at = [&](const auto& items, auto kind_of) {
    for (std::size_t i = 0; i < std::min(items.size(), kAnswersLookedAt); ++i) {
      const auto bytes = message.cid(items[i].cid);
      if (!asked.cids->contains(bytes)) continue;
      any = true;
      if (!listener) return;
      listener->on_answer({.peer = privacy_.shown(connection.peer()).to_string(),
                           .cid = *multiformats::Cid::from_bytes(bytes),
                           .kind = kind_of(items[i]),
                           .after = swarm_.shard().now() - asked.at});
    }
  };
  look_at(message.blocks, [](const auto&) { return monitor::AnswerKind::block; });
  look_at(message.presences, [](const auto& presence) {
    return presence.type == static_cast<std::int32_t>(wire::BlockPresence::have)
               ? monitor::AnswerKind::have
               : monitor::AnswerKind::dont_have;
  });
  return any;
}

void Asker::on_disconnected(libp2p::Connection& connection) {
  const auto& slot = connection.attachment(libp2p::AttachmentSlot::probe);
  if (!slot) return;
  const auto asks = static_cast<const AskedPeer&>(*slot).asks;
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

}  // namespace mexport::node
