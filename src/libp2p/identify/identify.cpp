// SPDX-License-Identifier: MIT
#include "libp2p/identify/identify.hpp"

#include "libp2p/identify/reader.hpp"
#include "libp2p/identify/result_of.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/stream_error.hpp"
#include "libp2p/swarm.hpp"
#include "wire/length_delimited.hpp"
#include "wire/signed_peer_record.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mexport::libp2p::identify {
namespace {

constexpr std::array<std::string_view, 1> kRequest{kProtocol};
constexpr std::array<std::string_view, 1> kPush{kPushProtocol};

/// Changes that come together are told together.
constexpr std::chrono::milliseconds kPushDelay{500};
/// Then so many peers at a time, so often (go-libp2p tells 32 at a time).
constexpr std::size_t kPushBatch = 32;
constexpr std::chrono::milliseconds kPushInterval{100};
/// An observed address that is added to the message later: ip6, tcp and some room.
constexpr std::size_t kRoomForObservedAddress = 64;

/// For streams on which nothing is to come.
class Discard final : public StreamHandler {
 public:
  void on_data(Stream& stream, base::ByteView data) override { stream.consume(data.size()); }
  void on_remote_close(Stream&) override {}
  void on_reset(Stream&, StreamCode) override {}
};

base::Bytes framed(const wire::IdentifyMessage& message) {
  base::Bytes frame;
  wire::append_length_delimited(frame, wire::encode_identify(message));
  return frame;
}

}  // namespace

Service::Service(Swarm& swarm)
    : swarm_(swarm),
      readers_(swarm.shard(), swarm.options().identify_timeout),
      push_timer_([](void* self) { static_cast<Service*>(self)->push_some(); }, this) {
  swarm.protocols().add(
      std::string(kProtocol), [this](Stream& stream, std::string_view) { return answer(stream); },
      kMaxStreams);
  swarm.protocols().add(
      std::string(kPushProtocol),
      [this](Stream& stream, std::string_view) { return take_push(stream); }, kMaxStreams);
}

void Service::on_connected(Connection& connection) {
  auto handler = std::make_unique<Reader>(*this, connection, IdentifyCause::initial);
  Reader& reader = *handler;
  readers_.set(reader);
  const auto stream = connection.open_stream(
      {.protocols = kRequest,
       .handler = std::move(handler),
       .on_negotiated = [&reader](Stream& s, base::Result<std::string_view> agreed) {
         if (!agreed) return reader.fail(agreed.error());
         s.close_write();
       }});
  if (stream) {
    reader.set_stream(**stream);
  } else {
    on_failed(connection, stream.error());
  }
}

std::unique_ptr<StreamHandler> Service::take_push(Stream& stream) {
  const auto& rate = swarm_.options().identify_pushes;
  if (!stream.connection().pushes_.take(rate, swarm_.shard().now())) {
    swarm_.counters_.identify_push_refused.add();
    stream.reset(StreamCode::rate_limited);
    return nullptr;
  }
  auto reader = std::make_unique<Reader>(*this, stream.connection(), IdentifyCause::push);
  reader->set_stream(stream);
  readers_.set(*reader);
  stream.close_write();
  return reader;
}

std::unique_ptr<StreamHandler> Service::answer(Stream& stream) {
  if (!stream.write(message_for(stream.connection()))) return nullptr;
  stream.close_write();
  swarm_.counters_.identify_answered.add();
  return std::make_unique<Discard>();
}

void Service::set_addresses(std::vector<multiformats::Multiaddr> addresses) {
  if (version_ != 0 && addresses == addresses_) return;
  addresses_ = std::move(addresses);
  build_local();
  push_cursor_ = swarm_.connections().size();
  swarm_.shard().timers().arm(push_timer_, swarm_.shard().now() + kPushDelay);
}

void Service::build_local() {
  const PeerIdentity& identity = swarm_.identity();
  ++version_;
  local_ = {};
  local_.public_key = base::to_bytes(identity.public_key().protobuf());
  local_.protocols = swarm_.protocols().protocols();
  local_.protocol_version = swarm_.options().protocol_version;
  local_.agent_version = swarm_.options().agent_version;

  wire::PeerRecord record{.peer_id = identity.peer_id(), .sequence = next_sequence()};
  for (const auto& address : addresses_)
    record.addresses.push_back(base::to_bytes(address.bytes()));
  // One message that every implementation reads: what does not fit is left out, last first.
  while (true) {
    local_.listen_addrs = record.addresses;
    local_.signed_peer_record.reset();
    auto sealed = wire::seal_peer_record(record, identity.private_key());
    if (sealed) local_.signed_peer_record = std::move(*sealed);
    const auto size = wire::encode_identify(local_).size() + kRoomForObservedAddress;
    if (size <= wire::kIdentifySendTarget || record.addresses.empty()) return;
    record.addresses.pop_back();
  }
}

/// Unix nanoseconds, as Go's; grows also when the clock has been set back.
std::uint64_t Service::next_sequence() {
  const auto now = swarm_.parts_.clock.wall_now().time_since_epoch().count();
  sequence_ = std::max(sequence_ + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0)));
  return sequence_;
}

base::Bytes Service::message_for(Connection& connection) {
  if (version_ == 0) build_local();
  connection.told_version_ = version_;
  auto message = local_;
  message.observed_addr = base::to_bytes(connection.info().remote.bytes());
  return framed(message);
}

/// Goes down the list: a connection that takes the place of one that is gone comes from behind the
/// cursor, new ones know already.
void Service::push_some() {
  const auto connections = swarm_.connections();
  push_cursor_ = std::min(push_cursor_, connections.size());
  std::size_t pushed = 0;
  while (push_cursor_ > 0 && pushed < kPushBatch) {
    Connection& connection = *connections[--push_cursor_];
    // A peer that has not asked yet will hear it when it does.
    const bool stale = connection.told_version_ != 0 && connection.told_version_ != version_;
    if (!stale || connection.closing() || !connection.speaks(kPushProtocol)) continue;
    push(connection);
    ++pushed;
  }
  if (push_cursor_ == 0) return;
  swarm_.shard().timers().arm(push_timer_, swarm_.shard().now() + kPushInterval);
}

void Service::push(Connection& connection) {
  const auto stream = connection.open_stream({.protocols = kPush,
                                              .handler = std::make_unique<Discard>(),
                                              .form = multistream::Form::lazy});
  if (!stream || !(*stream)->write(message_for(connection))) return;
  (*stream)->close_write();
  swarm_.counters_.identify_push_sent.add();
}

void Service::on_message(Connection& connection, IdentifyCause cause,
                         const wire::IdentifyMessage& said) {
  auto result = result_of(connection.info(), cause, said);
  result.protocols = said.protocols.empty() && connection.protocols_
                         ? connection.protocols_
                         : protocol_lists_.intern(said.protocols);
  connection.protocols_ = result.protocols;
  connection.directory_.set_protocols(result.protocols);
  if (said.agent_version) connection.directory_.set_agent_version(*said.agent_version);
  result.agent_version = connection.peer_snapshot()->agent_version;

  auto& counters = swarm_.counters_;
  (cause == IdentifyCause::push ? counters.identify_push_received : counters.identify_completed)
      .add();
  swarm_.parts_.events.on_identified(connection, std::move(result));
}

void Service::on_failed(Connection& connection, std::error_code error) {
  swarm_.counters_.identify_failed.add();
  swarm_.parts_.events.on_identified(connection, {.cause = IdentifyCause::failed, .error = error});
}

void Service::on_bad_push() {
  swarm_.counters_.identify_bad_push.add();
}

}  // namespace mexport::libp2p::identify
