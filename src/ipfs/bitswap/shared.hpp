// SPDX-License-Identifier: MIT
#pragma once

#include "base/runtime.hpp"
#include "ipfs/bitswap/cid_table.hpp"
#include "ipfs/bitswap/counters.hpp"
#include "ipfs/bitswap/options.hpp"

#include <cstddef>

namespace mexport::ipfs {

/// What the peers' states of one service have in common. Outlives them and their streams.
struct BitswapShared {
  BitswapShared(base::Runtime& shard, BitswapOptions given)
      : runtime(shard), options(given), hasher(shard.random()) {}

  base::Runtime& runtime;
  const BitswapOptions options;
  const CidHasher hasher;
  BitswapCounters counters;
  std::size_t answer_bytes = 0;  // what answers that are not written take, of all peers
};

}  // namespace mexport::ipfs
