// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/counters.hpp"

namespace mexport::ipfs {
namespace {

struct EntryCounts {
  std::uint64_t want_block = 0;
  std::uint64_t want_have = 0;
  std::uint64_t want_other = 0;
  std::uint64_t want_block_send_dont_have = 0;
  std::uint64_t want_have_send_dont_have = 0;
  std::uint64_t cancels = 0;
};

EntryCounts count(const std::vector<wire::WantlistEntry>& wantlist) {
  EntryCounts out;
  for (const auto& entry : wantlist) {
    if (entry.cancel) {
      ++out.cancels;
    } else if (entry.want_type == static_cast<std::int32_t>(wire::WantType::block)) {
      ++out.want_block;
      if (entry.send_dont_have) ++out.want_block_send_dont_have;
    } else if (entry.want_type == static_cast<std::int32_t>(wire::WantType::have)) {
      ++out.want_have;
      if (entry.send_dont_have) ++out.want_have_send_dont_have;
    } else {
      ++out.want_other;
    }
  }
  return out;
}

}  // namespace

void BitswapCounters::count_received(const wire::BitswapMessage& message, std::size_t size) {
  messages.add();
  message_bytes.add(size);
  entries.add(message.wantlist.size());
  const EntryCounts counts = count(message.wantlist);
  want_block.add(counts.want_block);
  want_have.add(counts.want_have);
  want_other.add(counts.want_other);
  want_block_send_dont_have.add(counts.want_block_send_dont_have);
  want_have_send_dont_have.add(counts.want_have_send_dont_have);
  cancels.add(counts.cancels);
  if (message.full) full_wantlists.add();
  blocks.add(message.blocks.size());
  for (const auto& block : message.blocks) block_bytes.add(block.size);
  for (const auto& presence : message.presences) {
    const bool have = presence.type == static_cast<std::int32_t>(wire::BlockPresence::have);
    (have ? presences_have : presences_dont_have).add();
  }
}

void BitswapCounters::count_refused(std::error_code error) {
  if (error.category() != wire::error_category()) return;
  refused.at(static_cast<std::size_t>(error.value())).add();
}

std::vector<std::pair<std::string, std::uint64_t>> BitswapCounters::list() const {
  std::vector<std::pair<std::string, std::uint64_t>> out{
      {"bitswap_messages", messages.value()},
      {"bitswap_message_bytes", message_bytes.value()},
      {"bitswap_entries", entries.value()},
      {"bitswap_want_block", want_block.value()},
      {"bitswap_want_have", want_have.value()},
      {"bitswap_want_other", want_other.value()},
      {"bitswap_want_block_send_dont_have", want_block_send_dont_have.value()},
      {"bitswap_want_have_send_dont_have", want_have_send_dont_have.value()},
      {"bitswap_cancels", cancels.value()},
      {"bitswap_full_wantlists", full_wantlists.value()},
      {"bitswap_blocks", blocks.value()},
      {"bitswap_block_bytes", block_bytes.value()},
      {"bitswap_presences_have", presences_have.value()},
      {"bitswap_presences_dont_have", presences_dont_have.value()},
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
  // Only what a Bitswap message can be refused for.
  for (std::size_t i = 1; i <= static_cast<std::size_t>(wire::Error::truncated_message); ++i) {
    const auto name = wire::to_string(static_cast<wire::Error>(i));
    out.emplace_back("bitswap_refused_" + std::string(name), refused[i].value());
  }
  return out;
}

}  // namespace mexport::ipfs
