// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "wire/error.hpp"
#include "wire/received_counters.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mexport::ipfs {

/// What a BitswapService counts. Written on its shard, read from anywhere.
struct BitswapCounters : wire::ReceivedCounters {
  base::Counter refused_empty;  ///< messages beyond BitswapOptions::empty_messages
  /// Refused messages by wire::Error.
  std::array<base::Counter, wire::kErrorCount> refused;

  // Ledgers.
  base::Counter live_wants;  ///< now
  base::Counter ledger_full;
  base::Counter wants_ignored;  ///< of identity CIDs, or of CIDs above kMaxAnsweredCidSize

  // Answers, in presences.
  base::Counter answers_sent;
  base::Counter answers_cancelled;
  base::Counter answers_dropped_full;    ///< beyond BitswapOptions::max_pending_answers
  base::Counter answers_dropped_share;   ///< beyond the share of BitswapOptions::answer_bytes
  base::Counter answers_dropped_failed;  ///< no stream, or the peer does not speak presences
  base::Counter answer_messages_sent;
  base::Counter answer_streams_timed_out;

  // What we have and peers wanted.
  base::Counter served_haves;
  base::Counter served_blocks;
  base::Counter served_block_bytes;
  base::Counter serve_dropped_full;    ///< wants beyond kMaxWaitingWants
  base::Counter serve_dropped_failed;  ///< no stream, or it was lost before its end

  void count_refused(std::error_code error);

  /// All but the gauge, by name ("bitswap_refused_bad_cid", …), zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

}  // namespace mexport::ipfs
