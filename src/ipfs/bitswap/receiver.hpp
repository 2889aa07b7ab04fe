// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "libp2p/stream.hpp"
#include "wire/bitswap.hpp"
#include "wire/length_delimited.hpp"

#include <cstddef>
#include <cstdint>
#include <system_error>

namespace mexport::ipfs {

/// Who owns receivers and hears of what they read.
class ReceiverEvents {
 public:
  virtual ~ReceiverEvents() = default;

  /// A message of `size` bytes has been read. May reset the stream or close the connection.
  virtual void on_message(libp2p::Stream& stream, wire::BitswapMessage&& message, std::size_t size,
                          wire::BitswapProtocol protocol) = 0;
  /// A message was refused (wire::Error); the stream is reset, the connection stays.
  virtual void on_refused(libp2p::Stream& stream, std::error_code error) = 0;
  /// What is held of an incomplete message changed from `before` to `now` bytes.
  virtual void on_gathered(libp2p::Stream& stream, std::size_t before, std::size_t now) = 0;
  /// A long message is on its way: kLongMessage bytes of it have come. `before` and `now` are its
  /// whole length or 0, when there was none or it has ended, however it did.
  virtual void on_long_message(libp2p::Stream& stream, std::size_t before, std::size_t now) = 0;
};

/// The handler of a Bitswap stream that the peer has opened: reads messages for as long as the peer
/// keeps it, which may be hours. Never times out and never ends a healthy stream, since that would
/// cost us the peer's next messages (boxo: bitswap/network/bsnet/ipfs_impl.go, handleNewStream).
class BitswapReceiver final : public libp2p::StreamHandler {
 public:
  /// `events` outlives the stream.
  BitswapReceiver(ReceiverEvents& events, wire::BitswapProtocol protocol)
      : events_(events), protocol_(protocol) {}

  void on_data(libp2p::Stream& stream, base::ByteView data) override;
  void on_remote_close(libp2p::Stream& stream) override;
  void on_reset(libp2p::Stream& stream, libp2p::StreamCode code) override;

 private:
  void refuse(libp2p::Stream& stream, std::error_code error);
  void account(libp2p::Stream& stream, std::size_t now);

  ReceiverEvents& events_;
  wire::LengthDelimitedReader reader_{wire::kMaxBitswapMessageSize};
  std::size_t gathered_ = 0;  // as last told
  std::uint32_t long_ = 0;    // the same of on_long_message()
  wire::BitswapProtocol protocol_;
};

}  // namespace mexport::ipfs
