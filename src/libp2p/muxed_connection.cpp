// SPDX-License-Identifier: MIT
#include "libp2p/muxed_connection.hpp"

#include "libp2p/security_fault.hpp"
#include "libp2p/stream_error.hpp"
#include "libp2p/swarm.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mexport::libp2p {
namespace {

std::uint32_t number(ConnectionCode code) {
  return static_cast<std::uint32_t>(code);
}

/// What may still wait in the socket of a connection that we close.
constexpr std::size_t kMaxLinger = 64 << 10;

/// The pings of connections that were made at one time spread over a tenth of the interval.
std::chrono::milliseconds jitter(Swarm& swarm) {
  const auto spread = swarm.options().yamux.keep_alive_after.count() / 10;
  return std::chrono::milliseconds(
      swarm.shard().random().below(static_cast<std::uint64_t>(spread)));
}

std::uint8_t security_index(std::string_view security) {
  return static_cast<std::uint8_t>(security == to_string(SecurityProtocol::tls)
                                       ? SecurityProtocol::tls
                                       : SecurityProtocol::noise);
}

bool is_ordinary_reset(std::error_code error) {
  return error == std::errc::connection_reset || error == std::errc::broken_pipe;
}

}  // namespace

MuxedConnection::MuxedConnection(Swarm& swarm, ConnectionInfo info, Upgraded upgraded)
    : Connection(swarm, std::move(info)),
      shard_(swarm.shard()),
      security_(security_index(this->info().security)),
      raw_(std::move(upgraded.raw)),
      channel_(std::move(upgraded.secured.channel)),
      session_(upgraded.direction, *this, *this, swarm.options().yamux, shard_.now()),
      timer_([](void* self) { static_cast<MuxedConnection*>(self)->on_timer(); }, this),
      jitter_(jitter(swarm)) {
  count_in(upgraded.bytes_in);
  count_out(upgraded.bytes_out);
}

MuxedConnection::~MuxedConnection() {
  shard_.forget(*this);
  if (!has_frames()) return;
  shard_.output().owner = nullptr;
  shard_.output().plaintext.clear();
}

void MuxedConnection::begin(Received received) {
  raw_->start(*this);
  if (closing()) return;
  arm_timer();
  if (!received.plaintext.empty()) {
    if (const auto status = on_plaintext(received.plaintext); !status) {
      return on_failure(status.error());
    }
  }
  if (!received.ciphertext.empty()) receive(received.ciphertext);
}

void MuxedConnection::on_bytes(base::MutableByteView bytes) {
  count_in(bytes.size());
  receive(bytes);
}

void MuxedConnection::count_in(std::size_t bytes) {
  stats_.bytes_in += bytes;
  swarm().counters_.bytes_in.at(security_).add(bytes);
}

void MuxedConnection::count_out(std::size_t bytes) {
  stats_.bytes_out += bytes;
  swarm().counters_.bytes_out.at(security_).add(bytes);
}

void MuxedConnection::receive(base::MutableByteView ciphertext) {
  if (closing()) return;
  const auto status = channel_->receive(ciphertext, *this);
  if (!status && !closing()) on_failure(status.error());
  account();
}

/// What lies below the streams' handlers.
void MuxedConnection::account() {
  const auto now = raw_->pending_write() + channel_->buffered() + session_.pending_write();
  bytes().change(std::exchange(held_, static_cast<std::uint32_t>(now)), now);
}

base::Status MuxedConnection::on_plaintext(base::ByteView plaintext) {
  return session_.receive(plaintext, shard_.now());
}

void MuxedConnection::on_closed(std::error_code error) {
  if (remote_code_) {
    end({ClosedBy::remote, CloseReason::go_away, number(*remote_code_)});
  } else if (!error) {
    end({ClosedBy::remote, CloseReason::eof});
  } else if (is_ordinary_reset(error)) {
    end({ClosedBy::remote, CloseReason::reset});
  } else if (error == std::errc::no_buffer_space) {
    end({ClosedBy::error, CloseReason::output_stuck});
  } else {
    end({ClosedBy::error, CloseReason::io_error});
  }
}

void MuxedConnection::on_failure(std::error_code error) {
  if (error == yamux::Error::keep_alive_lost) {
    end({ClosedBy::error, CloseReason::keep_alive});
  } else if (error == SecurityFault::closed) {
    on_closed({});
  } else if (error == SecurityFault::refused) {
    on_closed(std::make_error_code(std::errc::connection_reset));
  } else if (error == yamux::Error::output_stuck) {
    end({ClosedBy::error, CloseReason::output_stuck});
  } else if (error == yamux::Error::rate_limited) {
    const auto code = ConnectionCode::rate_limited;
    session_.close(code);
    end({ClosedBy::local, CloseReason::rate_limited, number(code)});
  } else if (yamux::is_protocol_error(error)) {
    const auto code = yamux::kGoAwayProtocolError;
    session_.close(code);
    end({ClosedBy::error, CloseReason::protocol_violation, number(code)});
  } else {
    end({ClosedBy::error, CloseReason::decrypt_failed});
  }
}

void MuxedConnection::close(ConnectionCode code) {
  if (closing()) return;
  // Handlers that hear of the end must find the connection closing.
  close_info_ = {ClosedBy::local, CloseReason::local, number(code)};
  session_.close(code);
  swarm().on_ended(*this);
}

void MuxedConnection::end(const CloseInfo& info) {
  if (closing()) return;
  close_info_ = info;
  session_.abandon();
  swarm().on_ended(*this);
}

CloseInfo MuxedConnection::finish() {
  timer_.disarm();
  if (has_frames()) pass_on();
  count_refusals();
  say_goodbye();
  // Behind so much, last words would wait for long and reach nobody.
  raw_->pending_write() > kMaxLinger ? raw_->abort() : raw_->close();
  return close_info_.value_or(CloseInfo());
}

/// The channel's own end, where it has one.
void MuxedConnection::say_goodbye() {
  base::Bytes goodbye;
  channel_->close(goodbye);
  if (goodbye.empty()) return;
  count_out(goodbye.size());
  raw_->write(goodbye);
}

base::Result<Stream*> MuxedConnection::open_stream(OpenStreamOptions options) {
  if (closing()) return base::fail(StreamError::closed);
  const auto stream = session_.open_stream(nullptr);
  if (!stream) return stream;
  const auto timeout =
      options.negotiation_timeout.value_or(swarm().options().stream_negotiation_timeout);
  await_negotiation(**stream, timeout, std::move(options.on_negotiated));
  const auto status = OutboundNegotiator::start(
      **stream, options.protocols, options.form, std::move(options.handler),
      [this](Stream& s, base::Result<std::string_view> p) { on_outbound_negotiated(s, p); });
  if (status) return stream;
  take_negotiation((*stream)->id());
  (*stream)->reset(StreamCode::none);
  return base::fail(status.error());
}

void MuxedConnection::on_outbound_negotiated(Stream& stream,
                                             base::Result<std::string_view> protocol) {
  const auto done = take_negotiation(stream.id());
  if (protocol) {
    agree(stream, swarm().protocols().tag(*protocol));
  } else {
    swarm().counters_.stream_negotiation_failed.add();
  }
  if (done) done(stream, protocol);
}

void MuxedConnection::on_inbound_stream(Stream& stream) {
  swarm().on_stream_opened();
  await_negotiation(stream, swarm().options().stream_negotiation_timeout, {});
  InboundNegotiator::start(stream, swarm().protocols(), this);
}

void MuxedConnection::on_inbound_negotiated(Stream& stream,
                                            base::Result<std::string_view> protocol) {
  take_negotiation(stream.id());
  if (!protocol) return swarm().counters_.stream_negotiation_failed.add();
  const ProtocolTable& protocols = swarm().protocols();
  const auto tag = protocols.tag(*protocol);
  if (session_.inbound_stream_count(tag) >= protocols.max_streams(tag)) {
    swarm().counters_.streams_refused_per_protocol.add();
    return stream.reset(StreamCode::resource_limit_exceeded);
  }
  agree(stream, tag);
}

void MuxedConnection::agree(Stream& stream, std::uint8_t tag) {
  if (stream.ended()) return;
  stream.set_protocol_tag(tag);
  if (auto* gauge = stream_gauge(stream)) gauge->add();
}

base::Counter* MuxedConnection::stream_gauge(const Stream& stream) {
  const auto tag = stream.protocol_tag();
  if (tag == 0 || tag >= kCountedProtocols) return nullptr;
  return &swarm().counters_.streams.at(static_cast<std::size_t>(stream.direction())).at(tag);
}

void MuxedConnection::on_stream_closed(Stream& stream) {
  if (auto* gauge = stream_gauge(stream)) gauge->sub();
  if (stream.direction() == Direction::inbound) swarm().counters_.streams_inbound.sub();
}

void MuxedConnection::on_stream_bytes(const Stream& stream, Direction way, std::size_t size) {
  auto& bytes = swarm().counters_.stream_bytes[static_cast<std::size_t>(way)];
  const std::size_t tag = stream.protocol_tag();
  bytes[tag < kCountedProtocols ? tag : 0].add(size);
}

void MuxedConnection::await_negotiation(Stream& stream, std::chrono::milliseconds timeout,
                                        OutboundNegotiator::Callback done) {
  const auto deadline = shard_.now() + timeout;
  const auto at = std::ranges::upper_bound(negotiations_, deadline, {}, &Negotiation::deadline);
  negotiations_.insert(at, {deadline, stream.id(), std::move(done)});
  arm_timer();
}

OutboundNegotiator::Callback MuxedConnection::take_negotiation(std::uint64_t stream_id) {
  const auto found = std::ranges::find(negotiations_, stream_id, &Negotiation::stream_id);
  if (found == negotiations_.end()) return {};
  auto done = std::move(found->done);
  negotiations_.erase(found);
  return done;
}

void MuxedConnection::expire_negotiations(base::SteadyTime now) {
  while (!closing() && !negotiations_.empty() && negotiations_.front().deadline <= now) {
    const auto expired = std::move(negotiations_.front());
    negotiations_.erase(negotiations_.begin());
    Stream* stream = session_.find_stream(expired.stream_id);
    if (stream == nullptr) continue;  // reset by its user
    swarm().counters_.stream_negotiation_timeout.add();
    stream->reset(StreamCode::protocol_negotiation_failed);
    if (expired.done) expired.done(*stream, base::fail(StreamError::negotiation_failed));
  }
}

void MuxedConnection::on_timer() {
  if (closing()) return;
  const auto now = shard_.now();
  count_refusals();
  expire_negotiations(now);
  if (const auto status = session_.on_timer(now); !status) return on_failure(status.error());
  arm_timer();
}

void MuxedConnection::count_refusals() {
  const auto refused = session_.counters().refused_streams;
  swarm().counters_.streams_refused.add(refused - std::exchange(counted_refusals_, refused));
}

void MuxedConnection::arm_timer() {
  auto at = session_.next_timer() + jitter_;
  if (!negotiations_.empty()) at = std::min(at, negotiations_.front().deadline);
  if (timer_.armed() && timer_at_ <= at) return;
  timer_at_ = at;
  shard_.timers().arm(timer_, at);
}

base::Bytes& MuxedConnection::plaintext_out() {
  auto& output = shard_.output();
  if (!has_frames()) {
    // The buffer is shared: what another connection has in it goes on its way first.
    if (output.owner != nullptr) output.owner->pass_on();
    output.owner = this;
    shard_.flush_at_end(*this);
  }
  return output.plaintext;
}

std::size_t MuxedConnection::output_backlog() const {
  return raw_->pending_write() + (has_frames() ? shard_.output().plaintext.size() : 0);
}

void MuxedConnection::pass_on() {
  auto& output = shard_.output();
  output.owner = nullptr;
  output.ciphertext.clear();
  channel_->send(output.plaintext, output.ciphertext);
  output.plaintext.clear();
  count_out(output.ciphertext.size());
  raw_->write(output.ciphertext);
}

void MuxedConnection::flush() {
  do {
    if (has_frames()) pass_on();
    session_.on_output_flushed();
  } while (has_frames() && !closing());
  if (closing()) return;
  account();
  arm_timer();
}

void MuxedConnection::on_drained() {
  if (closing()) return;
  session_.on_output_flushed();
  account();
}

}  // namespace mexport::libp2p
