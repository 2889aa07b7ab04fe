// SPDX-License-Identifier: MIT
// Input: one byte for the size of the pieces, one that chooses the course of events, then what the
// peer sends. Streams echo, discard, hold back, reset or close, each by its id.
#include "libp2p/yamux/session.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

using namespace mexport;
using namespace mexport::libp2p;

namespace {

class Actor final : public StreamHandler {
 public:
  void on_data(Stream& stream, base::ByteView data) override {
    switch (stream.id() / 2 % 5) {
      case 0:
        static_cast<void>(stream.write(data));
        [[fallthrough]];
      case 1:
        return stream.consume(data.size());
      case 2:
        return stream.reset(StreamCode::protocol_violation);
      case 3:
        return stream.set_handler(nullptr);
      default:
        return;  // never consumes
    }
  }
  void on_remote_close(Stream& stream) override {
    if (stream.id() % 3 != 0) stream.close_write();
  }
  void on_reset(Stream& stream, StreamCode) override { stream.close_write(); }
  void on_drained(Stream& stream) override { stream.close_write(); }
};

class Owner final : public MuxerEvents, public yamux::Output {
 public:
  explicit Owner(Direction direction)
      : session(direction, *this, *this, options, base::SteadyTime{}) {}

  Connection& connection() override { return reinterpret_cast<Connection&>(connection_); }
  void on_inbound_stream(Stream& stream) override {
    ++open;
    if (stream.id() % 11 == 0) return stream.reset(StreamCode::gated);
    stream.set_handler(std::make_unique<Actor>());
  }
  void on_stream_closed(Stream&) override { --open; }
  void on_go_away(ConnectionCode code) override {
    if (code == ConnectionCode::shutdown) session.close(ConnectionCode::none);
  }
  void on_ping_rtt(std::chrono::nanoseconds) override {}
  base::Bytes& plaintext_out() override { return out; }
  std::size_t output_backlog() const override { return out.size(); }

  yamux::Options options{.max_inbound_streams = 16, .max_unacked_streams = 4};
  base::Bytes out;
  std::size_t open = 0;
  yamux::Session session;

 private:
  std::max_align_t connection_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = std::size_t{data[0]} * 4 + 1;
  Owner owner((data[1] & 1) != 0 ? Direction::outbound : Direction::inbound);
  const bool flushes = (data[1] & 2) != 0;
  for (unsigned i = 0; i < data[1] >> 6; ++i) {
    if (owner.session.open_stream(std::make_unique<Actor>())) ++owner.open;
  }
  base::SteadyTime now{};
  for (base::ByteView in(data + 2, size - 2); !in.empty();) {
    const base::ByteView piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    now += std::chrono::seconds(1);
    if (!owner.session.receive(piece, now)) break;
    if (!owner.session.on_timer(now + std::chrono::seconds(data[1] & 0x3c))) break;
    if (flushes) {
      owner.out.clear();
      owner.session.on_output_flushed();
    }
    if (owner.session.stream_count() != owner.open) std::abort();
    if (owner.session.inbound_stream_count() > owner.options.max_inbound_streams) std::abort();
    if (owner.out.size() > owner.options.max_backlog + (1 << 20)) std::abort();
  }
  owner.session.close(yamux::kGoAwayNormal);
  if (owner.open != 0) std::abort();
  return 0;
}
