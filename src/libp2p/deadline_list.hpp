// SPDX-License-Identifier: MIT
#pragma once

#include "base/timer_wheel.hpp"
#include "libp2p/shard.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>

namespace mexport::libp2p {

/// Deadlines that all lie the same time ahead when they are set, so that one timer and a list in
/// order serve any number of them. One shard.
class DeadlineList {
 public:
  /// Something with a deadline; its destructor takes it out.
  class Item : public boost::intrusive::list_base_hook<
                   boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;

    /// The item is out of the list then, and may be destroyed by the call.
    virtual void on_deadline() = 0;

   protected:
    Item() = default;
    ~Item() = default;

   private:
    friend class DeadlineList;
    base::SteadyTime deadline_;
  };

  DeadlineList(Shard& shard, std::chrono::milliseconds timeout)
      : shard_(shard),
        timeout_(timeout),
        timer_([](void* self) { static_cast<DeadlineList*>(self)->expire(); }, this) {}

  /// Sets the item's deadline anew.
  void set(Item& item);

 private:
  void expire();

  Shard& shard_;
  std::chrono::milliseconds timeout_;
  boost::intrusive::list<Item, boost::intrusive::constant_time_size<false>> items_;
  base::Timer timer_;
};

}  // namespace mexport::libp2p
