// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/service.hpp"

#include "ipfs/bitswap/peer_state.hpp"
#include "ipfs/bitswap/stream_opener.hpp"

#include <memory>
#include <string>
#include <utility>

namespace mexport::ipfs {
namespace {

bool says_nothing(const wire::BitswapMessage& message) {
  return message.wantlist.empty() && message.blocks.empty() && message.presences.empty() &&
         !message.full;
}

}  // namespace

BitswapService::BitswapService(base::Runtime& runtime, BitswapEvents& events,
                               BitswapOptions options)
    : shared_(runtime, options), events_(events) {
  shared_.replies = this;
}

BitswapService::~BitswapService() = default;

void BitswapService::register_protocols(libp2p::ProtocolTable& protocols) {
  ReceiverEvents& events = *this;
  using enum wire::BitswapProtocol;
  for (const auto protocol : {v1_2_0, v1_1_0, v1_0_0, unversioned}) {
    protocols.add(
        std::string(to_string(protocol)),
        [&events, protocol](libp2p::Stream&, std::string_view) {
          return std::make_unique<BitswapReceiver>(events, protocol);
        },
        shared_.options.max_streams);
  }
}

void BitswapService::serve(std::shared_ptr<const BlockSet> blocks) {
  shared_.blocks = blocks && !blocks->empty() ? std::move(blocks) : nullptr;
}

PeerState& BitswapService::state_of(libp2p::Connection& connection) {
  auto& slot = connection.attachment(libp2p::AttachmentSlot::bitswap);
  if (!slot) {
    slot = std::make_unique<PeerState>(shared_, std::make_unique<ConnectionStreams>(connection));
  }
  return static_cast<PeerState&>(*slot);
}

void BitswapService::on_disconnected(libp2p::Connection& connection) {
  auto& slot = connection.attachment(libp2p::AttachmentSlot::bitswap);
  if (slot) static_cast<PeerState&>(*slot).close();
}

const Ledger* BitswapService::ledger(libp2p::Connection& connection) {
  auto& slot = connection.attachment(libp2p::AttachmentSlot::bitswap);
  return slot ? &static_cast<PeerState&>(*slot).ledger() : nullptr;
}

void BitswapService::on_message(libp2p::Stream& stream, wire::BitswapMessage&& message,
                                std::size_t size, wire::BitswapProtocol protocol) {
  libp2p::Connection& connection = stream.connection();
  PeerState& state = state_of(connection);
  if (says_nothing(message) && !state.takes_empty_message()) {
    shared_.counters.refused_empty.add();
    return stream.reset(libp2p::StreamCode::rate_limited);
  }
  shared_.counters.count_received(message, size);
  state.take_wantlist(message, protocol);
  events_.on_bitswap_message(connection, std::move(message),
                             {.received_at = shared_.runtime.now(),
                              .stream = stream.id(),
                              .index = state.next_message_index(),
                              .size = static_cast<std::uint32_t>(size),
                              .protocol = protocol});
  if (!connection.closing()) state.serve();  // what was wanted has been told of
}

void BitswapService::on_reply(libp2p::Stream& stream, const Reply& reply,
                              wire::BitswapProtocol protocol, std::size_t size) {
  events_.on_bitswap_reply(stream.connection(), reply, protocol, size);
}

void BitswapService::on_refused(libp2p::Stream& stream, std::error_code error) {
  shared_.counters.count_refused(error);
  events_.on_bad_bitswap_message(stream.connection(), error);
}

void BitswapService::on_gathered(libp2p::Stream& stream, std::size_t before, std::size_t now) {
  stream.connection().bytes().change(before, now);
}

void BitswapService::on_long_message(libp2p::Stream& stream, std::size_t before, std::size_t now) {
  events_.on_long_message(stream.connection(), before, now);
}

}  // namespace mexport::ipfs
