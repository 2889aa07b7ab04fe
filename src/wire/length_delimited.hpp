// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/error.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace mexport::wire {

/// Appends `body` with its uvarint length before it: the frame of Bitswap, identify and the DHT.
void append_length_delimited(base::Bytes& out, base::ByteView body);

/// Cuts a stream of bytes into uvarint-length-prefixed messages, however it comes in pieces. A
/// message that lies whole within one piece is handed over in place; otherwise it is gathered in a
/// buffer, which is freed with the message unless take_gathered() has it. The buffer grows with
/// what has arrived; from kReserveWhole bytes on there is address space for all that was announced,
/// of which a system makes memory as bytes arrive. Free of I/O, one thread.
class LengthDelimitedReader {
 public:
  static constexpr std::size_t kReserveWhole = 48 << 10;

  /// Messages of exactly `max_size` bytes (at most 2^32 - 1) are accepted.
  explicit LengthDelimitedReader(std::size_t max_size)
      : max_size_(static_cast<std::uint32_t>(max_size)) {}

  /// Takes `data` and calls `on_message(base::ByteView body) -> base::Status` for each message that
  /// is complete; the view ends with the call. Stops at the first error, of a message (message_too_
  /// large, bad_length_prefix) or the callback's own; nothing can be fed after one.
  template <class OnMessage>
  base::Status feed(base::ByteView data, const OnMessage& on_message) {
    while (!data.empty()) {
      auto body = take(data);
      if (!body) return base::fail(body.error());
      if (body->data() == nullptr) continue;
      const base::Status taken = on_message(*body);
      release();
      if (!taken) return taken;
    }
    return {};
  }

  /// Whether a message has begun and is not complete: an end of the stream now cuts it.
  bool within_message() const { return state_ != State::prefix || prefix_bytes_ != 0; }
  /// Bytes held for the message that has begun.
  std::size_t buffered() const { return buffer_.size(); }
  base::ByteView gathered() const { return buffer_; }
  /// What the buffer costs; not more than about twice what has arrived of the message.
  std::size_t memory_size() const {
    return buffer_.size() < kReserveWhole ? buffer_.capacity() : buffer_.size();
  }
  /// How long the message is of which a part is held; 0 when none is.
  std::size_t gathering() const { return buffer_.empty() ? 0 : length_; }
  /// Within the callback of feed(): the message with its buffer, or nothing when it was handed over
  /// in place. The view that the callback got stays valid, in what is returned here.
  base::Bytes take_gathered() { return std::exchange(buffer_, {}); }

 private:
  enum class State : std::uint8_t { prefix, body };

  /// Consumes from the front of `data` until a message is complete (a view with data) or `data` is
  /// empty (a null view).
  base::Result<base::ByteView> take(base::ByteView& data);
  base::Status take_prefix(base::ByteView& data);
  base::ByteView take_body(base::ByteView& data);
  void gather(base::ByteView part);
  void release();

  base::Bytes buffer_;
  std::uint64_t length_ = 0;
  std::uint32_t max_size_;
  std::uint8_t prefix_bytes_ = 0;
  State state_ = State::prefix;
};

}  // namespace mexport::wire
