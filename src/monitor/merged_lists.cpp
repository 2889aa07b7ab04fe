// SPDX-License-Identifier: MIT
#include "monitor/merged_lists.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <span>

namespace mexport::monitor {
namespace {

constexpr std::size_t kShortList = 8;

constexpr auto kBlock = static_cast<std::int32_t>(wire::WantType::block);
constexpr auto kHave = static_cast<std::int32_t>(wire::WantType::have);

bool known_want_type(std::int32_t type) {
  return type == kBlock || type == kHave;
}
bool known_presence(std::int32_t type) {
  return type == static_cast<std::int32_t>(wire::BlockPresence::have) ||
         type == static_cast<std::int32_t>(wire::BlockPresence::dont_have);
}

__extension__ using Uint128 = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<Uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

UnknownTypes count_unknown_types(const wire::BitswapMessage& message) {
  UnknownTypes unknown;
  for (const auto& sent : message.wantlist)
    unknown.wants += known_want_type(sent.want_type) ? 0 : 1;
  for (const auto& sent : message.presences) unknown.presences += known_presence(sent.type) ? 0 : 1;
  return unknown;
}

const MergedLists& ListMerger::merge(const wire::BitswapMessage& message) {
  merged_.unknown_want_types = 0;
  merged_.unknown_presence_types = 0;
  merge_entries(message);
  merge_blocks(message);
  mark_carried(message);
  merge_presences(message);
  return merged_;
}

// Most lists need no merging, and long ones are not copied for nothing.
void ListMerger::merge_entries(const wire::BitswapMessage& message) {
  const std::span sent(message.wantlist);
  begin_list(sent.size());
  const auto unmerged = count_unmerged(message);
  if (unmerged == sent.size()) {
    merged_.entries = sent;
    merged_.entry_differences.clear();
    return;
  }
  entries_.reserve(sent.size());
  entries_.assign(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(unmerged));
  went_to_.resize(unmerged);
  std::iota(went_to_.begin(), went_to_.end(), 0);
  for (const auto& entry : sent.subspan(unmerged)) merge_entry(message, entry);
  for (auto& entry : entries_) entry.want_type = entry.want_type == kHave ? kHave : kBlock;
  merged_.entries = entries_;
  collect(merged_.entry_differences);
}

/// How many entries stand at the front that are shown as they were sent, unless later ones change
/// them.
std::size_t ListMerger::count_unmerged(const wire::BitswapMessage& message) {
  const std::span sent(message.wantlist);
  std::size_t count = 0;
  while (count < sent.size() && known_want_type(sent[count].want_type) &&
         find(message, sent.first(count), sent[count].cid, IfAbsent::expect) == count) {
    ++count;
  }
  return count;
}

// Until all are merged the entries have the raw types of the wire.
void ListMerger::merge_entry(const wire::BitswapMessage& message, const wire::WantlistEntry& sent) {
  const auto position = find(message, entries_, sent.cid, IfAbsent::expect);
  went_to_.push_back(position);
  if (position == entries_.size()) {
    entries_.push_back(sent);
  } else {
    auto& entry = entries_[position];
    if (entry.want_type == sent.want_type) entry.priority = sent.priority;
    entry.cancel = entry.cancel || sent.cancel;
    entry.send_dont_have = entry.send_dont_have || sent.send_dont_have;
    if (entry.want_type == kHave && sent.want_type == kBlock) entry.want_type = kBlock;
    differ(position);
  }
  if (!known_want_type(sent.want_type)) {
    ++merged_.unknown_want_types;
    differ(position);
  }
}

void ListMerger::merge_blocks(const wire::BitswapMessage& message) {
  auto& blocks = merged_.blocks;
  blocks.clear();
  begin_list(message.blocks.size());
  for (const auto& sent : message.blocks) {
    const auto position = find(message, blocks, sent.cid, IfAbsent::expect);
    went_to_.push_back(position);
    if (position == blocks.size()) {
      blocks.push_back(sent);
    } else {
      blocks[position].size = sent.size;
      differ(position);
    }
  }
  collect(merged_.block_differences);
}

// Uses the table that merge_blocks() has left.
void ListMerger::mark_carried(const wire::BitswapMessage& message) {
  carried_.clear();
  if (merged_.blocks.empty() || message.presences.empty()) return;
  for (const auto& sent : message.presences) {
    carried_.push_back(find(message, merged_.blocks, sent.cid, IfAbsent::ignore) <
                       merged_.blocks.size());
  }
}

void ListMerger::merge_presences(const wire::BitswapMessage& message) {
  auto& presences = merged_.presences;
  presences.clear();
  begin_list(message.presences.size());
  for (std::size_t i = 0; i < message.presences.size(); ++i) {
    const auto& sent = message.presences[i];
    const bool unknown = !known_presence(sent.type);
    merged_.unknown_presence_types += unknown ? 1 : 0;
    if (!carried_.empty() && carried_[i]) {
      went_to_.push_back(kNowhere);
      any_difference_ = true;
      continue;
    }
    const auto position = find(message, presences, sent.cid, IfAbsent::expect);
    went_to_.push_back(position);
    const bool repeated = position < presences.size();
    if (!repeated) presences.push_back({.cid = sent.cid});
    presences[position].type =
        sent.type == 0 ? wire::BlockPresence::have : wire::BlockPresence::dont_have;
    if (repeated || unknown) differ(position);
  }
  collect(merged_.presence_differences);
}

void ListMerger::begin_list(std::size_t items) {
  went_to_.clear();
  differs_.clear();
  any_difference_ = false;
  mask_ = 0;
  if (items <= kShortList) return;
  const auto size = std::bit_ceil(items * 2);
  table_.assign(size, 0);
  mask_ = size - 1;
}

void ListMerger::differ(std::uint32_t position) {
  if (differs_.size() <= position) differs_.resize(position + 1);
  differs_[position] = true;
  any_difference_ = true;
}

void ListMerger::collect(std::vector<WireDifference>& differences) const {
  differences.clear();
  if (!any_difference_) return;
  for (std::uint32_t i = 0; i < went_to_.size(); ++i) {
    const auto position = went_to_[i];
    if (position == kNowhere || (position < differs_.size() && differs_[position])) {
      differences.push_back({.index = i, .merged = position});
    }
  }
}

std::uint64_t ListMerger::hash(base::ByteView bytes) const {
  constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15;
  std::uint64_t state = seed_ ^ bytes.size();
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    state = fold(state ^ word, kMultiplier ^ seed_);
  }
  std::uint64_t rest = 0;
  if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
  return fold(state ^ rest, kMultiplier ^ seed_);
}

template <class List>
std::uint32_t ListMerger::find(const wire::BitswapMessage& message, const List& list,
                               wire::CidSlice cid, IfAbsent if_absent) {
  const auto wanted = message.cid(cid);
  const auto end = static_cast<std::uint32_t>(list.size());
  const auto matches = [&](std::uint32_t position) {
    return std::ranges::equal(message.cid(list[position].cid), wanted);
  };
  if (mask_ == 0) {
    std::uint32_t position = 0;
    while (position < end && !matches(position)) ++position;
    return position;
  }
  auto slot = hash(wanted) & mask_;
  for (; table_[slot] != 0; slot = (slot + 1) & mask_) {
    if (matches(table_[slot] - 1)) return table_[slot] - 1;
  }
  if (if_absent == IfAbsent::expect) table_[slot] = end + 1;
  return end;
}

}  // namespace mexport::monitor
