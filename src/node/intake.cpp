// SPDX-License-Identifier: MIT
#include "node/intake.hpp"

#include <algorithm>
#include <ranges>

namespace mexport::node {
namespace {

/// A connection's part of what is free.
constexpr std::size_t kShare = 8;

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> IntakeCounters::list() const {
  return {{"reading_paused_share", paused_for_share.value()},
          {"reading_paused_long_message", paused_for_long_message.value()},
          {"closed_for_slow_messages", closed_for_slow_messages.value()}};
}

Intake::Intake(base::Runtime& runtime, const monitor::ObservationSink& sink, LongMessages& all,
               const Limits& limits)
    : runtime_(runtime),
      sink_(sink),
      all_(all),
      limits_(limits),
      timer_([](void* self) { static_cast<Intake*>(self)->look(); }, this) {}

Intake::~Intake() {
  for (const auto& entry : long_) {
    if (entry.state == Long::State::turn) all_.give_back(entry.size);
    if (entry.waits()) all_.end_wait();
  }
}

bool Intake::over_share(const monitor::WaitingBytes& waiting) const {
  const auto free = limits_.waiting - std::min(limits_.waiting, sink_.waiting());
  return waiting.value() > std::max(limits_.always, free / kShare);
}

bool Intake::anyone_waits() const {
  return std::ranges::any_of(long_, &Long::waits);
}

void Intake::pause(libp2p::Connection& connection, const monitor::WaitingBytes& waiting) {
  const auto known = std::ranges::find(over_share_, &connection, &OverShare::connection);
  if (known != over_share_.end()) return;  // what had been read before
  counters_.paused_for_share.add();
  over_share_.push_back({&connection, &waiting, runtime_.now() + limits_.patience});
  connection.set_reading(false);
  look_again();
}

void Intake::long_message(libp2p::Connection& connection, std::size_t before, std::size_t now) {
  const auto entry = std::ranges::find(long_, &connection, &Long::connection);
  if (entry == long_.end()) return begin_long(connection, now);
  // Whoever has its turn has it for all its streams: it could not go on with one of them stopped.
  entry->size += now - before;
  if (entry->state == Long::State::turn) {
    all_.add(now);
    all_.give_back(before);
  }
  if (entry->size == 0) end_long(entry);
}

void Intake::begin_long(libp2p::Connection& connection, std::size_t size) {
  const auto now = runtime_.now();
  const bool at_once = !all_.anyone_waits() && all_.take(size);
  auto& entry = long_.emplace_back();
  entry.connection = &connection;
  entry.size = size;
  if (at_once) {
    begin_turn(entry, now);
    return look_again();
  }
  entry.next = now + limits_.patience;
  entry.until = entry.next + at_pace(size);
  all_.begin_wait();
  counters_.paused_for_long_message.add();
  connection.set_granting(false);
  connection.set_reading(false);
  look_again();
}

void Intake::end_long(std::vector<Long>::iterator entry) {
  const auto ended = *entry;
  if (ended.state == Long::State::turn) all_.give_back(ended.size);
  long_.erase(entry);
  if (ended.waits()) {
    all_.end_wait();
    ended.connection->set_granting(true);
  }
  follow(*ended.connection);
  look_again();
}

void Intake::begin_turn(Long& entry, base::SteadyTime now) {
  entry.state = Long::State::turn;
  entry.until = now + limits_.turn + at_pace(entry.size);
  entry.next = now + limits_.turn;
  entry.bytes = entry.connection->stats().bytes_in;
}

void Intake::end_turns(base::SteadyTime now) {
  for (auto& entry : long_) {
    if (entry.state != Long::State::turn || now < entry.next || keeps_pace(entry, now)) continue;
    entry.state = Long::State::overdue;
    all_.give_back(entry.size);
  }
}

/// Since the last time. In all it may take what its messages take at that pace, whatever else
/// comes.
bool Intake::keeps_pace(Long& entry, base::SteadyTime now) const {
  const auto before = std::exchange(entry.bytes, entry.connection->stats().bytes_in);
  entry.next = now + limits_.turn;
  const auto expected = limits_.pace * static_cast<std::uint64_t>(limits_.turn.count()) / 1000;
  return now < entry.until && entry.bytes - before >= expected;
}

std::chrono::milliseconds Intake::at_pace(std::size_t bytes) const {
  return std::chrono::milliseconds(bytes * 1000 / limits_.pace);
}

/// Their bytes are nobody's: who stops in the middle could make us hold as much as all limits
/// allow.
void Intake::end_slowest() {
  std::size_t slow = 0;
  for (const auto& entry : long_ | std::views::reverse) {
    if (entry.state != Long::State::overdue || entry.connection->closing()) continue;
    if (slow > 0 && slow + entry.size > limits_.slow) {
      counters_.closed_for_slow_messages.add();
      entry.connection->close(libp2p::ConnectionCode::resource_limit_exceeded);
      continue;
    }
    slow += entry.size;
  }
}

void Intake::end_pauses(base::SteadyTime now) {
  for (auto& entry : long_) {
    if (entry.state != Long::State::paused || now < entry.next) continue;
    entry.state = Long::State::waiting;
    follow(*entry.connection);
  }
}

void Intake::disconnected(libp2p::Connection& connection) {
  std::erase_if(over_share_,
                [&](const OverShare& entry) { return entry.connection == &connection; });
  const auto entry = std::ranges::find(long_, &connection, &Long::connection);
  if (entry != long_.end()) end_long(entry);
}

// In the order in which they came, so that small ones do not keep a large one waiting.
void Intake::admit(base::SteadyTime now) {
  for (auto& entry : long_) {
    if (!entry.waits()) continue;
    const bool room = all_.take(entry.size);
    if (!room && (now < entry.until || now < next_without_room_)) return;
    if (!room) {
      all_.add(entry.size);
      next_without_room_ = now + limits_.turn;
    }
    begin_turn(entry, now);
    all_.end_wait();
    entry.connection->set_granting(true);
    follow(*entry.connection);
  }
}

void Intake::look() {
  const auto now = runtime_.now();
  for (std::size_t i = over_share_.size(); i-- > 0;) {
    const auto entry = over_share_[i];
    if (over_share(*entry.waiting) && now < entry.until) continue;
    over_share_.erase(over_share_.begin() + static_cast<std::ptrdiff_t>(i));
    follow(*entry.connection);
  }
  if (all_.anyone_waits()) {
    end_turns(now);
    end_slowest();
  }
  admit(now);
  end_pauses(now);
  look_again();
}

/// Who has a turn may hold up those of other shards.
void Intake::look_again() {
  const bool waiting = !over_share_.empty() || anyone_waits();
  if (!waiting && std::ranges::find(long_, Long::State::turn, &Long::state) == long_.end()) {
    return timer_.disarm();
  }
  const auto at = runtime_.now() + (waiting ? limits_.look : limits_.turn);
  if (timer_.armed() && look_at_ <= at) return;
  look_at_ = at;
  runtime_.timers().arm(timer_, at);
}

/// Reads from the connection again unless something else speaks against it.
void Intake::follow(libp2p::Connection& connection) {
  const bool stopped =
      std::ranges::find(over_share_, &connection, &OverShare::connection) != over_share_.end() ||
      std::ranges::any_of(long_, [&](const Long& entry) {
        return entry.connection == &connection && entry.state == Long::State::paused;
      });
  if (!stopped) connection.set_reading(true);
}

}  // namespace mexport::node
