// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mexport::wire {

/// The four Bitswap protocols (boxo: bitswap/network/bsnet/internal/default.go), best first.
enum class BitswapProtocol : std::uint8_t { v1_2_0, v1_1_0, v1_0_0, unversioned };

/// The protocol id ("/ipfs/bitswap/1.2.0"); static storage.
std::string_view to_string(BitswapProtocol protocol);
/// nullopt for any other protocol id.
std::optional<BitswapProtocol> parse_bitswap_protocol(std::string_view id);

enum class WantType : std::int32_t { block = 0, have = 1 };
enum class BlockPresence : std::int32_t { have = 0, dont_have = 1 };

/// Where a CID stands in BitswapMessage::cids.
struct CidSlice {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// One entry of a wantlist, as it stood on the wire.
struct WantlistEntry {
  CidSlice cid;
  std::int32_t priority = 0;   ///< truncated to 32 bits, as the reference does
  std::int32_t want_type = 0;  ///< raw: peers also send values outside WantType
  bool cancel = false;
  bool send_dont_have = false;
};

/// A block that the message carried: its CID, computed from prefix and data. The data is not kept.
struct CarriedBlock {
  CidSlice cid;
  std::uint32_t size = 0;
};

struct PresenceEntry {
  CidSlice cid;
  std::int32_t type = 0;  ///< raw, see BlockPresence
};

/// A decoded Bitswap message (protocols: boxo bitswap/message/pb/message.proto). Lists keep the
/// order and the repetitions of the wire; consumers merge them (monitor). All CIDs are valid binary
/// CIDs that stand somewhere in `cids`, with other bytes between them perhaps, so a message costs a
/// handful of allocations at most.
struct BitswapMessage {
  base::Bytes cids;
  std::vector<WantlistEntry> wantlist;
  std::vector<CarriedBlock> blocks;
  std::vector<PresenceEntry> presences;
  std::int32_t pending_bytes = 0;
  bool full = false;

  base::ByteView cid(CidSlice slice) const {
    return base::ByteView(cids).subspan(slice.offset, slice.size);
  }
  /// What it holds in memory, for the bounds of queues.
  std::size_t memory_size() const;
};

/// The largest message that is accepted, as go-libp2p's network.MessageSizeMax: exactly this is
/// fine.
inline constexpr std::size_t kMaxBitswapMessageSize = 4 << 20;

/// An empty block takes two bytes on the wire, but costs a hash and a CID of 34. Entries and
/// presences need no such limit: each takes at least 8 bytes on the wire and three times that here.
inline constexpr std::size_t kMaxBlocksPerMessage = 1 << 16;

/// Decodes the protobuf of one message (without its length prefix). Refuses it whole, with an Error
/// that names the reason, where the reference does: a broken protobuf, a bad CID anywhere, a block
/// prefix that is short, of an unknown hash or of a wrong length; and, beyond the reference, more
/// than kMaxBlocksPerMessage blocks. Takes linear time, and memory within a small multiple of
/// body.size(), which the caller holds to kMaxBitswapMessageSize.
base::Result<BitswapMessage> decode_bitswap_message(base::ByteView body);
/// The same for who has the body to give away: it becomes BitswapMessage::cids, unless it carries
/// blocks, or its CIDs are less than half of it.
base::Result<BitswapMessage> decode_bitswap_message(base::Bytes&& body);

}  // namespace mexport::wire
