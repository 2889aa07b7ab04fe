// SPDX-License-Identifier: MIT
#include "compare/matcher.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mexport::compare {

namespace {

constexpr auto kEnd = std::numeric_limits<std::int64_t>::max();

/// Without overflow: the ends stay the ends.
std::int64_t earlier(std::int64_t time, std::int64_t by) {
  constexpr auto kBegin = std::numeric_limits<std::int64_t>::min();
  if (time == kEnd) return kEnd;
  return time < kBegin + by ? kBegin : time - by;
}

std::uint64_t distance(std::int64_t a, std::int64_t b) {
  const auto [low, high] = std::minmax(a, b);
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}

}  // namespace

void Matcher::add(Side side, Item item) {
  auto& own = sides_[index_of(side)];
  if (item.time < earlier(own.latest, window_)) ++own.late;
  own.latest = std::max(own.latest, item.time);
  if (!take(side, item)) {
    own.places.insert({item.key, item.time, own.first + own.waiting.size()});
    own.waiting.push_back({std::move(item)});
    if (own.waiting.size() > most_) {
      if (!own.waiting.front().taken) ++judged_early_;
      judge_front(side);
    }
  }
  // Both may run late by a window, and their likes be a window away.
  judge(Side::a, earlier(sides_[index_of(Side::b)].latest, 2 * window_));
  judge(Side::b, earlier(sides_[index_of(Side::a)].latest, 2 * window_));
}

/// That of the same key which is nearest in time, and within the window.
std::set<Matcher::Place>::const_iterator Matcher::nearest(const Record& record,
                                                          const Item& like) const {
  const auto end = record.places.end();
  const auto fits = [&](auto place) {
    return place != end && place->key == like.key &&
           distance(place->time, like.time) <= static_cast<std::uint64_t>(window_);
  };
  const auto after = record.places.lower_bound({like.key, like.time, 0});
  const auto before = after == record.places.begin() ? end : std::prev(after);
  if (!fits(after)) return fits(before) ? before : end;
  if (!fits(before)) return after;
  return distance(before->time, like.time) < distance(after->time, like.time) ? before : after;
}

bool Matcher::take(Side side, const Item& like) {
  auto& from = sides_[index_of(other(side))];
  const auto found = nearest(from, like);
  if (found == from.places.end()) return false;
  auto& waiting = from.waiting[found->number - from.first];
  side == Side::a ? listener_.both(like, waiting.item) : listener_.both(waiting.item, like);
  waiting.taken = true;
  waiting.item.text = {};
  from.places.erase(found);
  return true;
}

void Matcher::end(Side side) {
  sides_[index_of(side)].latest = kEnd;
  judge(other(side), kEnd);
}

void Matcher::finish() {
  for (const auto side : {Side::a, Side::b}) judge(side, kEnd);
}

/// Those at the front that are older.
void Matcher::judge(Side side, std::int64_t before) {
  auto& waiting = sides_[index_of(side)].waiting;
  while (!waiting.empty() && (waiting.front().taken || waiting.front().item.time < before)) {
    judge_front(side);
  }
}

void Matcher::judge_front(Side side) {
  auto& own = sides_[index_of(side)];
  auto front = std::move(own.waiting.front());
  const auto number = own.first++;
  own.waiting.pop_front();
  if (front.taken) return;
  own.places.erase({front.item.key, front.item.time, number});
  listener_.alone(side, std::move(front.item));
}

}  // namespace mexport::compare
