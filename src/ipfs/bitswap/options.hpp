// SPDX-License-Identifier: MIT
#pragma once

#include "base/rate_limit.hpp"

#include <chrono>
#include <cstddef>

namespace mexport::ipfs {

/// What has come of an incomplete message that counts as a long one.
inline constexpr std::size_t kLongMessage = 128 << 10;
/// Live wants remembered per connection; what comes beyond is not (boxo: bitswap/internal/defaults,
/// MaxQueuedWantlistEntriesPerPeer). Answers do not depend on it.
inline constexpr std::size_t kMaxLedgerWants = 1024;
/// Answers that wait per connection; what is asked beyond is not answered.
inline constexpr std::size_t kMaxPendingAnswers = 4096;
/// A want with a longer CID is recorded but neither remembered nor answered (boxo:
/// bitswap/internal/defaults, MaximumAllowedCid).
inline constexpr std::size_t kMaxAnsweredCidSize = 168;
/// An answering message ends with the presence that brings it to this size.
inline constexpr std::size_t kAnswerMessageTarget = 16 << 10;
/// Answers under way to one peer at the same time, each on its own stream.
inline constexpr std::size_t kMaxAnswerStreams = 8;

/// Messages that say nothing, of one connection: one byte of the peer's makes an event of hundreds.
inline constexpr base::Rate kEmptyMessageRate{.interval = std::chrono::milliseconds(10),
                                              .burst = 256};

struct BitswapOptions {
  /// Whether DONT_HAVE is said where asked for; without, peers wait for a time-out of seconds.
  bool answer = true;
  /// Answers are gathered for so long, or until a message is full.
  std::chrono::milliseconds answer_delay{100};
  /// For one answer, from the opening of its stream until the peer has closed it.
  std::chrono::milliseconds answer_timeout{10'000};
};

}  // namespace mexport::ipfs
