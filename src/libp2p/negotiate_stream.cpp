// SPDX-License-Identifier: MIT
#include "libp2p/negotiate_stream.hpp"

#include "libp2p/multistream/token.hpp"
#include "libp2p/stream_error.hpp"

#include <utility>

namespace mexport::libp2p {
namespace {

// A stream that is closed for writing has no use for answers; its own handler's end tells so.
void send(Stream& stream, const base::Bytes& bytes) {
  if (!bytes.empty()) static_cast<void>(stream.write(bytes));
}

}  // namespace

void InboundNegotiator::start(Stream& stream, const ProtocolTable& protocols,
                              InboundNegotiationEvents* events) {
  stream.set_handler(std::make_unique<InboundNegotiator>(protocols, events));
  base::Bytes out;
  multistream::Listener::start(out);
  send(stream, out);
}

void InboundNegotiator::on_data(Stream& stream, base::ByteView data) {
  base::Bytes out;
  const auto progress = listener_.receive(data, out, [this](std::string_view protocol) {
    return protocols_.find(protocol) != nullptr;
  });
  if (!progress) return fail(stream, progress.error());
  send(stream, out);
  stream.consume(progress->consumed);
  if (progress->protocol) finish(stream, *progress->protocol, data.subspan(progress->consumed));
}

void InboundNegotiator::finish(Stream& stream, std::string_view protocol, base::ByteView rest) {
  if (events_ != nullptr) events_->on_inbound_negotiated(stream, protocol);
  if (stream.ended()) return;
  auto handler = (*protocols_.find(protocol))(stream, protocol);
  if (!handler) return stream.reset(StreamCode::resource_limit_exceeded);
  StreamHandler& next = *handler;
  stream.set_handler(std::move(handler));
  if (!rest.empty() && !stream.ended()) next.on_data(stream, rest);
}

void InboundNegotiator::fail(Stream& stream, std::error_code error) {
  stream.reset(StreamCode::protocol_negotiation_failed);
  if (events_ != nullptr) events_->on_inbound_negotiated(stream, base::fail(error));
}

void InboundNegotiator::on_remote_close(Stream& stream) {
  fail(stream, StreamError::negotiation_failed);
}

void InboundNegotiator::on_reset(Stream& stream, StreamCode) {
  fail(stream, StreamError::negotiation_failed);
}

base::Status OutboundNegotiator::start(Stream& stream, std::span<const std::string_view> proposals,
                                       multistream::Form form, std::unique_ptr<StreamHandler> next,
                                       Callback on_negotiated) {
  auto negotiator = std::make_unique<OutboundNegotiator>(proposals, form, std::move(next),
                                                         std::move(on_negotiated));
  base::Bytes out;
  negotiator->dialer_.start(out);
  stream.set_handler(std::move(negotiator));
  return stream.write(out);
}

OutboundNegotiator::OutboundNegotiator(std::span<const std::string_view> proposals,
                                       multistream::Form form, std::unique_ptr<StreamHandler> next,
                                       Callback on_negotiated)
    : dialer_(proposals, form),
      lazy_(form == multistream::Form::lazy),
      next_(std::move(next)),
      on_negotiated_(std::move(on_negotiated)) {}

void OutboundNegotiator::on_data(Stream& stream, base::ByteView data) {
  base::Bytes out;
  const auto progress = dialer_.receive(data, out);
  if (!progress) return fail(stream, progress.error());
  send(stream, out);
  stream.consume(progress->consumed);
  if (progress->protocol) finish(stream, *progress->protocol, data.subspan(progress->consumed));
}
void OutboundNegotiator::finish(Stream& stream, std::string_view protocol, base::ByteView rest) {
  StreamHandler& next = *next_;
  stream.set_handler(std::move(next_));
  if (on_negotiated_) on_negotiated_(stream, protocol);
  if (!rest.empty() && !stream.ended()) next.on_data(stream, rest);
}

void OutboundNegotiator::fail(Stream& stream, std::error_code error) {
  stream.reset(StreamCode::protocol_negotiation_failed);
  if (on_negotiated_) on_negotiated_(stream, base::fail(error));
}

void OutboundNegotiator::on_remote_close(Stream& stream) {
  fail(stream, StreamError::negotiation_failed);
}

void OutboundNegotiator::on_reset(Stream& stream, StreamCode) {
  fail(stream, StreamError::negotiation_failed);
}

// A peer may read what comes before it answers.
void OutboundNegotiator::on_drained(Stream& stream) {
  if (lazy_ && next_) next_->on_drained(stream);
}

}  // namespace mexport::libp2p
