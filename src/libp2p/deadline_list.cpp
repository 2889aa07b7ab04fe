// SPDX-License-Identifier: MIT
#include "libp2p/deadline_list.hpp"

namespace mexport::libp2p {

void DeadlineList::set(Item& item) {
  item.unlink();
  item.deadline_ = shard_.now() + timeout_;
  items_.push_back(item);
  if (!timer_.armed()) shard_.timers().arm(timer_, item.deadline_);
}

void DeadlineList::expire() {
  while (!items_.empty() && items_.front().deadline_ <= shard_.now()) {
    Item& item = items_.front();
    items_.pop_front();
    item.on_deadline();
  }
  if (!items_.empty()) shard_.timers().arm(timer_, items_.front().deadline_);
}

}  // namespace mexport::libp2p
