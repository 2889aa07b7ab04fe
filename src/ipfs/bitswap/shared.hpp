// SPDX-License-Identifier: MIT
#pragma once

#include "base/runtime.hpp"
#include "ipfs/bitswap/cid_table.hpp"
#include "ipfs/bitswap/counters.hpp"
#include "ipfs/bitswap/options.hpp"
#include "ipfs/blocks/block_set.hpp"
#include "libp2p/stream.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <memory>

namespace mexport::ipfs {

struct Reply;

/// Who hears of replies with what peers wanted.
class ReplyEvents {
 public:
  virtual ~ReplyEvents() = default;
  /// One begins to be written to its stream: `size` bytes of protobuf.
  virtual void on_reply(libp2p::Stream& stream, const Reply& reply, wire::BitswapProtocol protocol,
                        std::size_t size) = 0;
};

/// What the peers' states of one service have in common. Outlives them and their streams.
struct BitswapShared {
  BitswapShared(base::Runtime& shard, BitswapOptions given)
      : runtime(shard), options(given), hasher(shard.random()) {}

  base::Runtime& runtime;
  const BitswapOptions options;
  const CidHasher hasher;
  BitswapCounters counters;
  std::shared_ptr<const BlockSet> blocks;  // null: we have none
  ReplyEvents* replies = nullptr;
  std::size_t answer_bytes = 0;  // what answers that are not written take, of all peers
};

}  // namespace mexport::ipfs
