// SPDX-License-Identifier: MIT
#pragma once

#include "base/rate_limit.hpp"
#include "libp2p/protocol_table.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mexport::ipfs {

/// What has come of an incomplete message that counts as a long one.
inline constexpr std::size_t kLongMessage = 48 << 10;
/// A want with a longer CID is recorded but neither remembered nor answered (boxo:
/// bitswap/internal/defaults, MaximumAllowedCid).
inline constexpr std::size_t kMaxAnsweredCidSize = 168;
/// An answering message ends with the presence that brings it to this size.
inline constexpr std::size_t kAnswerMessageTarget = 16 << 10;
/// What answers to one peer may take whatever those to others do: two messages of them.
inline constexpr std::size_t kAnswerBytesAlways = 2 * kAnswerMessageTarget;
/// A stream of answers to a peer that was answered less than this before is kept for so long, for
/// the next answers. Helia gives a stream up that brings nothing for 5 s (helia:
/// packages/bitswap/src/constants.ts).
inline constexpr std::chrono::milliseconds kAnswerStreamTime{2'000};
/// No stream of answers carries more: what a peer can leave unread is this for each of them.
inline constexpr std::size_t kAnswerStreamSize = 2 * kAnswerMessageTarget;
/// What the queue of such a peer keeps in memory between two messages, at most, while all queues
/// take less than a quarter of BitswapOptions::answer_bytes.
inline constexpr std::size_t kKeptAnswerMemory = 16 << 10;

/// Wants that we can meet and that wait, per connection; what comes beyond is not answered.
inline constexpr std::size_t kMaxWaitingWants = 1024;
/// What one of them takes, about.
inline constexpr std::size_t kWaitingWantMemory = 256;
/// For a peer to read one reply with what it wanted.
inline constexpr std::chrono::milliseconds kReplyTime{60'000};
/// Of a reply, in the stream of a peer that does not read.
inline constexpr std::size_t kReplyPiece = 64 << 10;

struct BitswapOptions {
  /// Whether DONT_HAVE is said where asked for; without, peers wait for a time-out of seconds.
  bool answer = true;
  /// Answers are gathered for so long, or until a message is full.
  std::chrono::milliseconds answer_delay{100};
  /// For the peer to close a stream of answers, from its opening or, when it was kept, from our
  /// own close.
  std::chrono::milliseconds answer_timeout{10'000};
  /// Streams of answers to one peer at the same time.
  std::size_t max_answer_streams = 8;
  /// Answers that wait per connection, at most 65,535; what is asked beyond is not answered.
  std::size_t max_pending_answers = 4096;
  /// Bytes that answers of all connections of a service may take until they are written: one
  /// connection has up to half of what is free, and always kAnswerBytesAlways.
  std::size_t answer_bytes = 1 << 20;
  /// Bytes of replies with blocks, per second and connection; above 0.
  std::uint32_t serve_rate = 1 << 20;
  /// Live wants remembered per connection, at most 65,535; what comes beyond is not (boxo:
  /// bitswap/internal/defaults, MaxQueuedWantlistEntriesPerPeer). Answers do not depend on it.
  std::size_t max_ledger_wants = 1024;
  /// Messages that say nothing, of one connection: one byte of the peer's makes an event of
  /// hundreds.
  base::Rate empty_messages{.interval = std::chrono::milliseconds(10), .burst = 256};
  /// Streams of one of the protocols that a peer may have open on a connection.
  std::size_t max_streams = libp2p::kMaxStreamsPerProtocol;
};

}  // namespace mexport::ipfs
