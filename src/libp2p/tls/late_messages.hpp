// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "libp2p/stream.hpp"

#include <array>
#include <cstdint>

namespace mexport::libp2p::tls {

/// The handshake messages that may come after the handshake (RFC 8446, section 4.6): tickets, which
/// are skipped, and key updates. Messages may be cut anywhere by records; nothing is kept but the
/// 5 bytes that a key update has.
class LateMessages {
 public:
  /// `direction`: outbound is the client, who alone is sent tickets.
  explicit LateMessages(Direction direction) : tickets_allowed_(direction == Direction::outbound) {}

  enum class Update : std::uint8_t { none, not_requested, requested };

  /// The content of one handshake record. A key update ends its record and is told of; the keys of
  /// the records behind it are new. Errors: unexpected_message, bad_record.
  base::Result<Update> receive(base::ByteView content);
  /// Whether the last message is incomplete, so that nothing else may come in between.
  bool in_message() const { return size_ != 0 || skip_ != 0; }

 private:
  base::Status begin_message();

  std::uint32_t skip_ = 0;  // what is left of a ticket
  std::array<std::uint8_t, 5> start_{};
  std::uint8_t size_ = 0;  // of start_
  bool tickets_allowed_;
};

}  // namespace mexport::libp2p::tls
