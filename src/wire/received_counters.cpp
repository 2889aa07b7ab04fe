// SPDX-License-Identifier: MIT
#include "wire/received_counters.hpp"

namespace mexport::wire {
namespace {

struct EntryCounts {
  std::uint64_t want_block = 0;
  std::uint64_t want_have = 0;
  std::uint64_t want_other = 0;
  std::uint64_t want_block_send_dont_have = 0;
  std::uint64_t want_have_send_dont_have = 0;
  std::uint64_t cancels = 0;
};

EntryCounts count(const std::vector<WantlistEntry>& wantlist) {
  EntryCounts out;
  for (const auto& entry : wantlist) {
    if (entry.cancel) {
      ++out.cancels;
    } else if (entry.want_type == static_cast<std::int32_t>(WantType::block)) {
      ++out.want_block;
      if (entry.send_dont_have) ++out.want_block_send_dont_have;
    } else if (entry.want_type == static_cast<std::int32_t>(WantType::have)) {
      ++out.want_have;
      if (entry.send_dont_have) ++out.want_have_send_dont_have;
    } else {
      ++out.want_other;
    }
  }
  return out;
}

}  // namespace

void ReceivedCounters::count_received(const BitswapMessage& message, std::size_t size) {
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
    const bool have = presence.type == static_cast<std::int32_t>(BlockPresence::have);
    (have ? presences_have : presences_dont_have).add();
  }
}

std::vector<std::pair<std::string, std::uint64_t>> ReceivedCounters::list() const {
  return {
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
  };
}

}  // namespace mexport::wire
