// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mexport::wire {

/// What Bitswap messages a host received, whichever it is. Written on one thread, read from any.
struct ReceivedCounters {
  base::Counter messages;
  base::Counter message_bytes;
  base::Counter entries;  ///< of wantlists, all kinds
  base::Counter want_block;
  base::Counter want_have;
  base::Counter want_other;                 ///< of a type outside the protocol
  base::Counter want_block_send_dont_have;  ///< of want_block, as the next of want_have
  base::Counter want_have_send_dont_have;
  base::Counter cancels;
  base::Counter full_wantlists;
  base::Counter blocks;
  base::Counter block_bytes;
  base::Counter presences_have;
  base::Counter presences_dont_have;

  /// `size`: bytes of the protobuf.
  void count_received(const BitswapMessage& message, std::size_t size);
  /// By name ("bitswap_messages", …), zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

}  // namespace mexport::wire
