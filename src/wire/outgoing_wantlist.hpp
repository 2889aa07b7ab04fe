// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/cid.hpp"
#include "wire/bitswap.hpp"

#include <cstdint>
#include <vector>

namespace mexport::wire {

/// A wantlist message to be sent, or sent.
struct OutgoingWantlist {
  struct Entry {
    multiformats::Cid cid;
    std::int32_t priority = 0;
    WantType want_type = WantType::block;
    bool cancel = false;
    bool send_dont_have = false;
  };
  std::vector<Entry> entries;
  bool full = false;  ///< replaces all that was wanted before
};

}  // namespace mexport::wire
