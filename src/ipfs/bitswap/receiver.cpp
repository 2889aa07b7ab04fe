// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/receiver.hpp"

#include "ipfs/bitswap/options.hpp"
#include "wire/error.hpp"

#include <utility>

namespace mexport::ipfs {

void BitswapReceiver::on_data(libp2p::Stream& stream, base::ByteView data) {
  const auto status = reader_.feed(data, [&](base::ByteView body) -> base::Status {
    auto gathered = reader_.take_gathered();
    auto message = gathered.empty() ? wire::decode_bitswap_message(body)
                                    : wire::decode_bitswap_message(std::move(gathered));
    if (!message) return base::fail(message.error());
    events_.on_message(stream, std::move(*message), body.size(), protocol_);
    return {};
  });
  if (!status) return refuse(stream, status.error());
  account(stream, reader_.memory_size());  // first: it may say that nothing is given back
  stream.consume(data.size());
}

void BitswapReceiver::refuse(libp2p::Stream& stream, std::error_code error) {
  account(stream, 0);
  events_.on_refused(stream, error);
  stream.reset(libp2p::StreamCode::protocol_violation);
}

void BitswapReceiver::account(libp2p::Stream& stream, std::size_t now) {
  const std::size_t before = std::exchange(gathered_, now);
  if (before == now) return;
  events_.on_gathered(stream, before, now);
  const auto length = now >= kLongMessage ? static_cast<std::uint32_t>(reader_.gathering()) : 0;
  const auto earlier = std::exchange(long_, length);
  if (earlier != length) events_.on_long_message(stream, earlier, length);
}

void BitswapReceiver::on_remote_close(libp2p::Stream& stream) {
  account(stream, 0);
  if (reader_.within_message()) events_.on_refused(stream, wire::Error::truncated_message);
  stream.close_write();
}

void BitswapReceiver::on_reset(libp2p::Stream& stream, libp2p::StreamCode) {
  account(stream, 0);
}

}  // namespace mexport::ipfs
