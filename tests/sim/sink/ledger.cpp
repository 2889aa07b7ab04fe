// SPDX-License-Identifier: MIT
#include "tests/sim/sink/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mexport::sim::sink {

using monitor::LossReason;

namespace {

constexpr std::size_t kMaxFaults = 20;

}  // namespace

void Ledger::fault(std::string text) {
  if (faults_.size() < kMaxFaults) faults_.push_back(std::move(text));
}

std::string Ledger::describe(const Entry& entry) const {
  const auto& body = entry.body;
  return fmt::format("{} {} {}..{}", body.routing_key, body.run_id, body.first, body.last);
}

void Ledger::made(const exporter::SpooledBody& body, base::SteadyTime now) {
  numbers_[{body.routing_key, body.run_id, body.first}] = entries_.size();
  entries_.push_back({.body = body, .made = now});
}

std::size_t Ledger::find(const std::string& key, const std::string& run_id, std::uint64_t first) {
  const auto found = numbers_.find({key, run_id, first});
  if (found != numbers_.end()) return found->second;
  fault(fmt::format("no such body was made: {} {} {}", key, run_id, first));
  return 0;
}

void Ledger::published(std::size_t number, int process) {
  ++publishings_;
  auto& entry = entries_[number];
  entry.sent_in = process;
  if (const auto part = parts_.find({entry.body.routing_key, entry.body.run_id, process});
      part != parts_.end()) {
    part->second.on_their_way.insert(number);
  }
  if (entry.confirmed_in == process) fault("sent after its confirm: " + describe(entry));
  if (entry.lost_in == process) fault("sent after it was given up: " + describe(entry));
}

void Ledger::delivered(std::size_t number, const exporter::amqp::Outgoing& as_sent,
                       std::uint64_t publishing, int process) {
  auto& entry = entries_[number];
  const auto& body = as_sent.body;
  if (body.last != entry.body.last || body.events != entry.body.events ||
      body.body != entry.body.body || body.kind != entry.body.kind) {
    fault("arrived otherwise than it was made: " + describe(entry));
  }
  if (as_sent.context.missing) note_named(*as_sent.context.missing, body.routing_key);
  if (const auto part = parts_.find({body.routing_key, body.run_id, process});
      part != parts_.end()) {
    part->second.arrived(number, publishing);
  }
  if (entry.seen++ > 0) {
    ++duplicates_;
  } else {
    check_order(number);
  }
}

/// What the broker has returned or refused may come after others that were under way with it.
void Ledger::check_order(std::size_t number) {
  const auto& entry = entries_[number];
  auto& newest = newest_seen_[entry.body.routing_key];
  if (number < newest && !entry.returned && !entry.refused) {
    fault(fmt::format("out of order: {} after {}", describe(entry), describe(entries_[newest])));
  }
  newest = std::max(newest, number);
}

void Ledger::note_named(const exporter::amqp::MissingRange& missing, const std::string& key) {
  for (const auto number : lost_) {
    auto& entry = entries_[number];
    const auto& body = entry.body;
    if (body.routing_key != key || body.run_id != missing.run_id) continue;
    if (missing.from <= body.first && body.last <= missing.to) entry.named = true;
  }
}

void Ledger::Part::arrived(std::size_t number, std::uint64_t publishing) {
  on_their_way.erase(number);
  if (publishing > lost_at && number > last_lost && on_their_way.empty()) told = true;
}

bool Ledger::told_since(const Entry& entry, std::size_t number) const {
  const auto part = parts_.find({entry.body.routing_key, entry.body.run_id, entry.lost_in});
  return part != parts_.end() && part->second.told && number <= part->second.last_lost;
}

void Ledger::confirmed(std::size_t number, int process) {
  entries_[number].confirmed_in = process;
}

void Ledger::lost(const exporter::SinkGap& gap, int process) {
  std::uint64_t counted = 0;
  for (std::size_t number = 0; number < entries_.size(); ++number) {
    auto& entry = entries_[number];
    const auto& body = entry.body;
    if (body.run_id != gap.run_id || body.kind != gap.range.kind) continue;
    if (body.last < gap.range.from || body.first > gap.range.to) continue;
    counted += body.events;
    if (body.first < gap.range.from || body.last > gap.range.to) {
      fault("lost in part: " + describe(entry));
    }
    if (entry.confirmed_in == process) fault("given up after its confirm: " + describe(entry));
    if (entry.lost_in == process) fault("given up twice: " + describe(entry));
    if (gap.range.reason == LossReason::unrouted && !entry.returned) {
      fault("never returned, and lost as unrouted: " + describe(entry));
    }
    if (gap.range.reason == LossReason::refused && !entry.refused) {
      fault("never refused, and lost as refused: " + describe(entry));
    }
    entry.lost_in = process;
    entry.lost_at = publishings_;
    lost_.push_back(number);
    auto& part = parts_[{body.routing_key, body.run_id, process}];
    part.last_lost = std::max(part.last_lost, number);
    part.lost_at = publishings_;
    part.on_their_way.erase(number);
    part.told = false;
    ++losses_;
  }
  if (counted != gap.range.count()) {
    fault(fmt::format("a gap of {} events of {}, which had {}", gap.range.count(), gap.run_id,
                      counted));
  }
}

void Ledger::killed(base::SteadyTime safe_before, int process) {
  for (auto& entry : entries_) {
    if (entry.made >= safe_before || (entry.evicted && entry.sent_in == process)) {
      entry.unrecorded = true;
    }
  }
}

void Ledger::close() {
  for (std::size_t number = 0; number < entries_.size(); ++number) {
    const auto& entry = entries_[number];
    if (entry.seen > 0) continue;
    if (entry.lost_in == 0 && !entry.unrecorded) fault("gone without a word: " + describe(entry));
    if (told_since(entry, number) && !entry.named)
      fault("not named in headers: " + describe(entry));
  }
}

}  // namespace mexport::sim::sink
