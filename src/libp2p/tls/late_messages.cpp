// SPDX-License-Identifier: MIT
#include "libp2p/tls/late_messages.hpp"

#include "libp2p/tls/error.hpp"

#include <algorithm>

namespace mexport::libp2p::tls {
namespace {

constexpr std::uint8_t kNewSessionTicket = 4;
constexpr std::uint8_t kKeyUpdate = 24;
constexpr std::size_t kMessageHeader = 4;
/// A ticket, its nonce and extensions with their lengths cannot have more.
constexpr std::uint32_t kMaxTicketMessage = 4 + 4 + 1 + 255 + 2 + 65535 + 2 + 65534;

}  // namespace

base::Result<LateMessages::Update> LateMessages::receive(base::ByteView content) {
  while (!content.empty()) {
    if (skip_ != 0) {
      const auto skipped = std::min<std::size_t>(skip_, content.size());
      skip_ -= static_cast<std::uint32_t>(skipped);
      content = content.subspan(skipped);
      continue;
    }
    start_[size_++] = content[0];
    content = content.subspan(1);
    if (size_ == kMessageHeader) {
      if (const auto status = begin_message(); !status) return base::fail(status.error());
    } else if (size_ == start_.size()) {
      size_ = 0;
      // The rest of the record would have to be read with the old keys.
      if (!content.empty()) return base::fail(Error::unexpected_message);
      if (start_[kMessageHeader] > 1) return base::fail(Error::bad_record);
      return start_[kMessageHeader] == 1 ? Update::requested : Update::not_requested;
    }
  }
  return Update::none;
}

/// Looks at a message's type and length.
base::Status LateMessages::begin_message() {
  const auto length = std::uint32_t{start_[1]} << 16 | std::uint32_t{start_[2]} << 8 | start_[3];
  if (start_[0] == kKeyUpdate) {
    if (length != 1) return base::fail(Error::bad_record);
    return {};
  }
  if (start_[0] != kNewSessionTicket || !tickets_allowed_ || length > kMaxTicketMessage) {
    return base::fail(Error::unexpected_message);
  }
  skip_ = length;
  size_ = 0;
  return {};
}

}  // namespace mexport::libp2p::tls
