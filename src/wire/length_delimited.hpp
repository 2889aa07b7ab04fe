// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/error.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::wire {

/// Appends `body` with its uvarint length before it: the frame of Bitswap, identify and the DHT.
void append_length_delimited(base::Bytes& out, base::ByteView body);

/// Cuts a stream of bytes into uvarint-length-prefixed messages, however it comes in pieces. A
/// message that lies whole within one piece is handed over in place; otherwise it is gathered in a
/// buffer that grows with what has arrived, never by what was announced, and is freed with the
/// message. Free of I/O, one thread.
class LengthDelimitedReader {
 public:
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
  /// What the buffer costs; not more than about twice what has arrived of the message.
  std::size_t memory_size() const { return buffer_.capacity(); }

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
