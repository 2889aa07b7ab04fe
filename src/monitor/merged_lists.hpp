// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mexport::monitor {

inline constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

struct MergedPresence {
  wire::CidSlice cid;
  wire::BlockPresence type = wire::BlockPresence::have;
};

/// Where an item of the wire's list went to, for items that the merged list does not show as they
/// were sent.
struct WireDifference {
  std::uint32_t index = 0;   ///< in the list of the wire
  std::uint32_t merged = 0;  ///< in the merged list; kNowhere when the item is not there
};

/// Items of the wire with an enum value that nobody knows.
struct UnknownTypes {
  std::uint64_t wants = 0;
  std::uint64_t presences = 0;
};
UnknownTypes count_unknown_types(const wire::BitswapMessage& message);

/// A message's lists with each CID once, in the order of first appearance, merged by the rules of
/// the reference (boxo: bitswap/message/message.go, addEntry and AddBlockPresence).
struct MergedLists {
  /// As the reference reports them: their want types are those of wire::WantType. They lie in the
  /// message itself when nothing had to be merged.
  std::span<const wire::WantlistEntry> entries;
  std::vector<wire::CarriedBlock> blocks;
  std::vector<MergedPresence> presences;

  /// Each item of the wire whose CID came more than once, whose enum value is unknown, or (for
  /// presences) that was dropped because the message carries the block.
  std::vector<WireDifference> entry_differences;
  std::vector<WireDifference> block_differences;
  std::vector<WireDifference> presence_differences;

  std::uint32_t unknown_want_types = 0;  ///< items of the wire; they show as WantType::block
  std::uint32_t unknown_presence_types = 0;

  bool differs() const {
    return !entry_differences.empty() || !block_differences.empty() ||
           !presence_differences.empty();
  }
};

/// Merges in linear time and reuses its memory from message to message. One owner, the export
/// thread.
class ListMerger {
 public:
  /// `seed` keys the hashes, so that no peer can choose CIDs that collide.
  explicit ListMerger(std::uint64_t seed) : seed_(seed) {}

  /// The result is valid until the next call, and as long as `message`, into which it points.
  const MergedLists& merge(const wire::BitswapMessage& message);

 private:
  void merge_entries(const wire::BitswapMessage& message);
  std::size_t count_unmerged(const wire::BitswapMessage& message);
  void merge_entry(const wire::BitswapMessage& message, const wire::WantlistEntry& sent);
  void merge_blocks(const wire::BitswapMessage& message);
  void mark_carried(const wire::BitswapMessage& message);
  void merge_presences(const wire::BitswapMessage& message);

  void begin_list(std::size_t items);
  void differ(std::uint32_t position);
  void collect(std::vector<WireDifference>& differences) const;
  std::uint64_t hash(base::ByteView bytes) const;

  enum class IfAbsent : std::uint8_t { expect, ignore };
  /// Where `cid` stands in `list`, or list.size(). With `expect` the caller appends it then.
  template <class List>
  std::uint32_t find(const wire::BitswapMessage& message, const List& list, wire::CidSlice cid,
                     IfAbsent if_absent);

  std::uint64_t seed_;
  MergedLists merged_;
  std::vector<std::uint32_t> table_;    // open addressing: position in the merged list + 1
  std::uint64_t mask_ = 0;              // of the table; 0: the list is short, search it
  std::vector<std::uint32_t> went_to_;  // per item of the wire: its position in the merged list
  std::vector<wire::WantlistEntry> entries_;  // merged, unless all are as they were sent
  std::vector<bool> differs_;                 // per merged item
  bool any_difference_ = false;
  std::vector<bool> carried_;  // per presence of the wire: the message holds the block itself
};

}  // namespace mexport::monitor
