// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/counters.hpp"

namespace mexport::ipfs {
void BitswapCounters::count_refused(std::error_code error) {
  if (error.category() != wire::error_category()) return;
  refused.at(static_cast<std::size_t>(error.value())).add();
}

std::vector<std::pair<std::string, std::uint64_t>> BitswapCounters::list() const {
  auto out = ReceivedCounters::list();
  const std::vector<std::pair<std::string, std::uint64_t>> own{
      {"bitswap_refused_empty", refused_empty.value()},
      {"bitswap_ledger_full", ledger_full.value()},
      {"bitswap_wants_ignored", wants_ignored.value()},
      {"bitswap_answers_sent", answers_sent.value()},
      {"bitswap_answers_cancelled", answers_cancelled.value()},
      {"bitswap_answers_dropped_full", answers_dropped_full.value()},
      {"bitswap_answers_dropped_share", answers_dropped_share.value()},
      {"bitswap_answers_dropped_failed", answers_dropped_failed.value()},
      {"bitswap_answer_messages_sent", answer_messages_sent.value()},
      {"bitswap_answer_streams_timed_out", answer_streams_timed_out.value()},
      {"bitswap_served_haves", served_haves.value()},
      {"bitswap_served_blocks", served_blocks.value()},
      {"bitswap_served_block_bytes", served_block_bytes.value()},
      {"bitswap_serve_dropped_full", serve_dropped_full.value()},
      {"bitswap_serve_dropped_failed", serve_dropped_failed.value()},
  };
  out.insert(out.end(), own.begin(), own.end());
  // Only what a Bitswap message can be refused for.
  for (std::size_t i = 1; i <= static_cast<std::size_t>(wire::Error::truncated_message); ++i) {
    const auto name = wire::to_string(static_cast<wire::Error>(i));
    out.emplace_back("bitswap_refused_" + std::string(name), refused[i].value());
  }
  return out;
}

}  // namespace mexport::ipfs
