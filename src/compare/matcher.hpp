// SPDX-License-Identifier: MIT
#pragma once

#include "compare/key.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <set>
#include <string>

namespace mexport::compare {

enum class Side : std::uint8_t { a, b };
inline constexpr std::size_t kSides = 2;
inline Side other(Side side) {
  return side == Side::a ? Side::b : Side::a;
}
inline std::size_t index_of(Side side) {
  return static_cast<std::size_t>(side);
}

/// What waits for its like in the other record.
struct Item {
  Key key;
  std::int64_t time = 0;
  std::uint32_t peer = 0;      ///< the caller's number
  std::uint8_t transport = 0;  ///< the caller's
  std::uint8_t what = 0;       ///< the caller's
  std::string text{};          ///< to show; may be empty
};

/// Finds to each item of one record the one of the other with the same key, within `window` of it
/// and not taken by another: the nearest of those that have come. Items come in about the order of
/// their times, of both records side by side. Memory: `most` items of each side; beyond, the oldest
/// is judged before its time.
class Matcher {
 public:
  struct Listener {
    std::function<void(const Item& a, const Item& b)> both;
    std::function<void(Side, Item)> alone;
  };

  static constexpr std::size_t kMost = 1 << 21;

  Matcher(std::int64_t window, Listener listener, std::size_t most = kMost)
      : window_(window), listener_(std::move(listener)), most_(most) {}

  void add(Side side, Item item);
  /// Nothing more comes of that record.
  void end(Side side);
  /// Judges what still waits.
  void finish();

  /// Items that came later than `window` behind one of their own record: their like may have been
  /// judged already.
  std::uint64_t late(Side side) const { return sides_[index_of(side)].late; }
  /// That were judged because too many waited.
  std::uint64_t judged_early() const { return judged_early_; }

 private:
  struct Waiting {
    Item item;
    bool taken = false;
  };
  /// In the order of time, for each key.
  struct Place {
    Key key;
    std::int64_t time = 0;
    std::uint64_t number = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Record {
    std::deque<Waiting> waiting;
    std::uint64_t first = 0;  ///< the number of the front
    std::set<Place> places;   ///< of those that wait and are not taken
    std::int64_t latest = std::numeric_limits<std::int64_t>::min();
    std::uint64_t late = 0;
  };

  std::set<Place>::const_iterator nearest(const Record& record, const Item& like) const;
  bool take(Side side, const Item& like);
  void judge(Side side, std::int64_t before);
  void judge_front(Side side);

  const std::int64_t window_;
  const Listener listener_;
  const std::size_t most_;
  std::array<Record, kSides> sides_;
  std::uint64_t judged_early_ = 0;
};

}  // namespace mexport::compare
