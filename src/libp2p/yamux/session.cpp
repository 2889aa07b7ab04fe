// SPDX-License-Identifier: MIT
#include "libp2p/yamux/session.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::libp2p::yamux {
namespace {

/// Payload is what peers are here for; without it a frame costs us more than them.
bool is_cheap_to_send(const Header& header) {
  return header.type != FrameType::data || header.length == 0 || header.has(kSyn);
}

}  // namespace

Session::Session(Direction direction, MuxerEvents& events, Output& output, const Options& options,
                 base::SteadyTime now)
    : events_(events),
      output_(output),
      options_(options),
      last_received_(now),
      ping_sent_(now),
      next_id_(direction == Direction::outbound ? 1 : 2) {}

Session::~Session() {
  collect();
}

base::Result<Stream*> Session::open_stream(std::unique_ptr<StreamHandler> handler) {
  if (state_ != State::open || remote_going_away_) return base::fail(Error::session_closed);
  if (unacked_ >= options_.max_unacked_streams) return base::fail(Error::too_many_unacked);
  if (next_id_ > std::numeric_limits<std::uint32_t>::max() - 2) {
    return base::fail(Error::stream_ids_exhausted);
  }
  auto& stream =
      streams_.insert(std::make_unique<YamuxStream>(*this, next_id_, Direction::outbound));
  next_id_ += 2;
  ++unacked_;
  stream.set_handler(std::move(handler));
  send({FrameType::window_update, kSyn, stream.id_, 0});
  return &stream;
}

Stream* Session::find_stream(std::uint64_t id) {
  if (id > std::numeric_limits<std::uint32_t>::max()) return nullptr;
  return streams_.find(static_cast<std::uint32_t>(id));
}

void Session::close(ConnectionCode code) {
  if (state_ == State::closed) return;
  send({FrameType::go_away, 0, 0, static_cast<std::uint32_t>(code)});
  abandon();
}

void Session::abandon() {
  state_ = State::closed;
  while (YamuxStream* stream = streams_.next_after(0)) stream->on_reset(StreamCode::none);
}

void Session::go_away(ConnectionCode code) {
  if (state_ != State::open) return;
  state_ = State::going_away;
  send({FrameType::go_away, 0, 0, static_cast<std::uint32_t>(code)});
}

base::Status Session::receive(base::ByteView plaintext, base::SteadyTime now) {
  if (error_) return base::fail(error_);
  if (!plaintext.empty()) last_received_ = now;
  while (!plaintext.empty() && state_ != State::closed) {
    if (payload_left_ > 0) {
      take_payload(plaintext);
    } else if (fill_header(plaintext)) {
      if (const auto status = on_frame(now); !status) {
        error_ = status.error();
        return status;
      }
    }
    collect();
  }
  return {};
}

bool Session::fill_header(base::ByteView& in) {
  const std::size_t size = std::min(kHeaderSize - header_fill_, in.size());
  std::ranges::copy(in.first(size), header_.begin() + header_fill_);
  in = in.subspan(size);
  header_fill_ = static_cast<std::uint8_t>((header_fill_ + size) % kHeaderSize);
  return header_fill_ == 0;
}

base::Status Session::on_frame(base::SteadyTime now) {
  const auto header = decode(header_);
  if (!header) return base::fail(header.error());
  if (is_cheap_to_send(*header) && !frames_.take(options_.frame_rate, now)) {
    return base::fail(Error::rate_limited);
  }
  if (header->type == FrameType::ping) return on_ping(*header, now);
  if (header->type == FrameType::go_away) {
    on_go_away(*header);
    return {};
  }
  if (header->has(kSyn)) {
    if (const auto status = on_syn(*header); !status) return status;
  }
  if (header->has(kAck)) on_ack(header->stream_id);
  if (header->type == FrameType::data) return on_data(*header);
  on_window_update(*header);
  return {};
}

base::Status Session::on_syn(const Header& header) {
  const std::uint32_t id = header.stream_id;
  if (id == 0 || id % 2 == next_id_ % 2) return base::fail(Error::wrong_parity);
  if (streams_.find(id) != nullptr) return base::fail(Error::stream_id_in_use);
  if (header.has(kRst)) return {};  // opened and gone in one frame

  if (state_ == State::going_away || inbound_ >= options_.max_inbound_streams) {
    const auto code =
        state_ == State::going_away ? StreamCode::shutdown : StreamCode::resource_limit_exceeded;
    ++counters_.refused_streams;
    return answer({FrameType::window_update, kRst, id, static_cast<std::uint32_t>(code)});
  }
  // At once, whatever becomes of the stream: an opener counts those that are not acknowledged.
  if (const auto status = answer({FrameType::window_update, kAck, id, 0}); !status) return status;
  auto& stream = streams_.insert(std::make_unique<YamuxStream>(*this, id, Direction::inbound));
  ++inbound_;
  const CallbackScope scope(*this);
  events_.on_inbound_stream(stream);
  return {};
}

void Session::on_ack(std::uint32_t stream_id) {
  YamuxStream* stream = streams_.find(stream_id);
  if (stream == nullptr || stream->acked_) return;
  stream->acked_ = true;
  --unacked_;
}

base::Status Session::on_data(const Header& header) {
  YamuxStream* stream = streams_.find(header.stream_id);
  payload_left_ = header.length;
  payload_stream_ = 0;
  if (stream != nullptr && header.has(kRst)) {
    stream->on_reset(StreamCode::none);
  } else if (stream == nullptr || stream->remote_closed_) {
    ++counters_.ignored_frames;
  } else if (header.length > stream->receive_window_) {
    return base::fail(Error::window_overrun);
  } else {
    stream->receive_window_ -= header.length;
    payload_stream_ = header.stream_id;
    payload_fin_ = header.has(kFin);
    if (payload_fin_ && payload_left_ == 0) stream->on_remote_close();
  }
  return {};
}

void Session::take_payload(base::ByteView& in) {
  const base::ByteView piece = in.first(std::min<std::size_t>(payload_left_, in.size()));
  in = in.subspan(piece.size());
  payload_left_ -= static_cast<std::uint32_t>(piece.size());
  // Looked up anew each time: a callback may have ended the stream.
  if (YamuxStream* stream = streams_.find(payload_stream_)) stream->deliver(piece);
  if (payload_left_ > 0 || !payload_fin_) return;
  if (YamuxStream* stream = streams_.find(payload_stream_)) stream->on_remote_close();
}

void Session::on_window_update(const Header& header) {
  YamuxStream* stream = streams_.find(header.stream_id);
  if (stream == nullptr) {
    ++counters_.ignored_frames;
  } else if (header.has(kRst)) {
    stream->on_reset(static_cast<StreamCode>(header.length));
  } else {
    stream->on_window_update(header.length);
    if (header.has(kFin) && streams_.find(header.stream_id) == stream) stream->on_remote_close();
  }
}

base::Status Session::on_ping(const Header& header, base::SteadyTime now) {
  if (header.has(kSyn)) return answer({FrameType::ping, kAck, 0, header.length});
  if (ping_pending_ && header.length == ping_value_) {
    ping_pending_ = false;
    const CallbackScope scope(*this);
    events_.on_ping_rtt(now - ping_sent_);
  }
  return {};
}

void Session::on_go_away(const Header& header) {
  if (remote_going_away_) return;
  remote_going_away_ = true;
  const CallbackScope scope(*this);
  events_.on_go_away(static_cast<ConnectionCode>(header.length));
}

base::SteadyTime Session::next_timer() const {
  return ping_pending_ ? ping_sent_ + options_.ping_timeout
                       : last_received_ + options_.keep_alive_after;
}

base::Status Session::on_timer(base::SteadyTime now) {
  collect();
  if (error_) return base::fail(error_);
  if (now < next_timer()) return {};
  if (ping_pending_ && last_received_ <= ping_sent_) {
    error_ = Error::keep_alive_lost;
    return base::fail(error_);
  }
  ping_pending_ = false;
  if (now >= next_timer()) send_ping(now);
  return {};
}

void Session::send_ping(base::SteadyTime now) {
  if (state_ == State::closed || ping_pending_) return;
  ping_pending_ = true;
  ping_sent_ = now;
  send({FrameType::ping, kSyn, 0, ++ping_value_});
}

void Session::set_granting(bool granting) {
  granting_ = granting;
  YamuxStream* stream = granting ? streams_.next_after(0) : nullptr;
  for (; stream != nullptr; stream = streams_.next_after(stream->id_)) stream->return_window();
}

void Session::on_output_flushed() {
  pump();
  collect();
}

// In turn, a frame each, so that no stream starves the others.
void Session::pump() {
  while (turn_ != nullptr && data_budget() > 0) {
    YamuxStream& stream = *turn_;
    turn_ = stream.after_;
    stream.send_pending();
  }
}

void Session::send(const Header& header, base::ByteView payload) {
  base::Bytes& out = output_.plaintext_out();
  append_header(out, header);
  base::append(out, payload);
}

// For what a peer can make us send without limit.
base::Status Session::answer(const Header& header) {
  if (output_.output_backlog() >= options_.max_backlog) return base::fail(Error::output_stuck);
  send(header);
  return {};
}

std::size_t Session::data_budget() const {
  const std::size_t backlog = output_.output_backlog();
  return backlog < options_.data_backlog ? options_.data_backlog - backlog : 0;
}

void Session::detach(YamuxStream& stream) {
  stream.ended_ = true;
  stream.drop_pending();
  if (!stream.acked_) --unacked_;
  if (stream.direction_ == Direction::inbound) --inbound_;
  auto owned = streams_.take(stream.id_);
  owned->next_ended_ = std::move(ended_);
  ended_ = std::move(owned);
}

void Session::announce_closed(YamuxStream& stream) {
  const CallbackScope scope(*this);
  events_.on_stream_closed(stream);
}

void Session::collect() {
  if (callbacks_ > 0) return;
  auto ended = std::move(ended_);
  while (ended) ended = std::move(ended->next_ended_);
  if (!replaced_.empty()) std::vector<std::unique_ptr<StreamHandler>>().swap(replaced_);
}

}  // namespace mexport::libp2p::yamux
