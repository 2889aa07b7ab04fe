// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/yamux/session.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mexport::libp2p::yamux {

/// What a stream told its handler. Outlives the handler.
struct Record {
  base::Bytes data;
  int remote_closes = 0;
  int drained = 0;
  std::optional<StreamCode> reset;
  bool destroyed = false;
};

class RecordingHandler final : public StreamHandler {
 public:
  enum class Consume : std::uint8_t { at_once, never };
  explicit RecordingHandler(Record& record, Consume consume = Consume::at_once)
      : record_(record), consume_(consume) {}
  ~RecordingHandler() override { record_.destroyed = true; }

  void on_data(Stream& stream, base::ByteView data) override {
    base::append(record_.data, data);
    if (consume_ == Consume::at_once) stream.consume(data.size());
  }
  void on_remote_close(Stream&) override { ++record_.remote_closes; }
  void on_reset(Stream&, StreamCode code) override { record_.reset = code; }
  void on_drained(Stream&) override { ++record_.drained; }

 private:
  Record& record_;
  Consume consume_;
};

/// Does what the test says on each callback.
struct ScriptedHandler final : StreamHandler {
  std::function<void(Stream&, base::ByteView)> data = [](Stream&, base::ByteView) {};
  std::function<void(Stream&)> remote_close = [](Stream&) {};
  std::function<void(Stream&, StreamCode)> reset = [](Stream&, StreamCode) {};
  std::function<void(Stream&)> drained = [](Stream&) {};

  void on_data(Stream& stream, base::ByteView bytes) override { data(stream, bytes); }
  void on_remote_close(Stream& stream) override { remote_close(stream); }
  void on_reset(Stream& stream, StreamCode code) override { reset(stream, code); }
  void on_drained(Stream& stream) override { drained(stream); }
};

struct Frame {
  Header header;
  base::Bytes payload;
};

inline base::Bytes frame(FrameType type, std::uint16_t flags, std::uint32_t id,
                         std::uint32_t length, std::size_t payload = 0) {
  base::Bytes bytes;
  append_header(bytes, {type, flags, id, length});
  bytes.resize(bytes.size() + payload, 0x55);
  return bytes;
}
inline base::Bytes data_frame(std::uint32_t id, std::size_t size, std::uint16_t flags = 0) {
  return frame(FrameType::data, flags, id, static_cast<std::uint32_t>(size), size);
}
inline base::Bytes update_frame(std::uint32_t id, std::uint16_t flags, std::uint32_t length = 0) {
  return frame(FrameType::window_update, flags, id, length);
}

/// A session with an owner that records events and holds the output.
class Side final : public MuxerEvents, public Output {
 public:
  explicit Side(Direction direction, Options chosen = {})
      : options(chosen), session(direction, *this, *this, options, now) {}

  Connection& connection() override { return reinterpret_cast<Connection&>(connection_); }
  void on_inbound_stream(Stream& stream) override {
    inbound.push_back(stream.id());
    if (accept) {
      accept(stream);
    } else {
      stream.set_handler(std::make_unique<RecordingHandler>(records[stream.id()]));
    }
  }
  void on_stream_closed(Stream& stream) override { closed.push_back(stream.id()); }
  void on_go_away(ConnectionCode code) override { go_aways.push_back(code); }
  void on_ping_rtt(std::chrono::nanoseconds rtt) override { rtts.push_back(rtt); }

  base::Bytes& plaintext_out() override { return out; }
  std::size_t output_backlog() const override {
    ++backlog_questions;
    return out.size() + stuck;
  }

  base::Status receive(const base::Bytes& bytes) { return session.receive(bytes, now); }
  /// As the connection does it: takes what is there, then tells the session.
  base::Bytes flush() {
    auto taken = std::exchange(out, {});
    session.on_output_flushed();
    return taken;
  }
  std::vector<Frame> take_frames() {
    const base::Bytes bytes = flush();
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < bytes.size();) {
      const base::ByteView left = base::ByteView(bytes).subspan(at);
      const auto header = decode(left.first<kHeaderSize>());
      EXPECT_TRUE(header);
      const std::size_t size = header->type == FrameType::data ? header->length : 0;
      frames.push_back({*header, base::to_bytes(left.subspan(kHeaderSize, size))});
      at += kHeaderSize + size;
    }
    return frames;
  }
  std::vector<Header> take_headers() {
    std::vector<Header> headers;
    for (const Frame& sent : take_frames()) headers.push_back(sent.header);
    return headers;
  }

  /// A record that outlives the session.
  Record& new_record() { return kept.emplace_back(); }

  base::SteadyTime now{std::chrono::hours(1)};
  Options options;
  base::Bytes out;
  mutable std::size_t backlog_questions = 0;  // one for each stream that is looked at
  std::size_t stuck = 0;                      // bytes that the socket does not take
  std::function<void(Stream&)> accept;
  std::vector<std::uint64_t> inbound;
  std::vector<std::uint64_t> closed;
  std::vector<ConnectionCode> go_aways;
  std::vector<std::chrono::nanoseconds> rtts;
  std::map<std::uint64_t, Record> records;
  std::deque<Record> kept;
  Session session;  // after the records, which its handlers refer to

 private:
  std::max_align_t connection_{};  // only its address is used
};

/// Moves bytes both ways in random pieces until both sides are quiet.
inline void exchange(Side& a, Side& b, base::Random& random) {
  const auto deliver = [&random](Side& from, Side& to) {
    const base::Bytes bytes = from.flush();
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t limit = random.below(4) == 0 ? 8 : 20'000;
      const std::size_t size = std::min<std::size_t>(1 + random.below(limit), bytes.size() - at);
      ASSERT_TRUE(to.session.receive(base::ByteView(bytes).subspan(at, size), to.now));
      at += size;
    }
  };
  while (!a.out.empty() || !b.out.empty()) {
    deliver(a, b);
    deliver(b, a);
  }
}

}  // namespace mexport::libp2p::yamux
