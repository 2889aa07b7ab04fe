// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

namespace mexport::monitor {

/// Goes in slices through a list that changes between them, where what comes is appended and what
/// goes gives its place to the last. From the end to the front: so nothing that stays is missed,
/// and what took the place of another is met twice at most for each that goes.
class BackwardWalk {
 public:
  /// Calls visit(index) for what is left of a list of `size`, until enough() says so.
  template <class Visit, class Enough>
  void slice(std::size_t size, Visit visit, Enough enough) {
    left_ = std::min(left_, size);
    while (left_ > 0) {
      visit(--left_);
      if (enough()) return;
    }
  }
  bool ended() const { return left_ == 0; }

 private:
  std::size_t left_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace mexport::monitor
