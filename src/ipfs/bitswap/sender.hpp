// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "ipfs/bitswap/stream_opener.hpp"
#include "libp2p/stream.hpp"
#include "wire/bitswap.hpp"
#include "wire/outgoing_wantlist.hpp"
#include "wire/wantlist_sender.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace mexport::ipfs {

/// Messages of one peer that are not out yet.
inline constexpr std::size_t kMaxWaitingWantlists = 64;

/// Asks a peer: writes wantlists on one long-lived stream, in the form that the agreed protocol
/// knows. The stream is opened by the first of them, and after a loss by the next. Until then a
/// sender holds nothing. Lives on the connection's shard.
class BitswapSender final : public wire::WantlistSender {
 public:
  using Receipt = wire::WantlistReceipt;

  /// What a peer may take for the negotiation is `timeout`.
  BitswapSender(std::unique_ptr<StreamOpener> opener, std::chrono::milliseconds timeout);
  /// The stream, if there is one, goes with its connection.
  ~BitswapSender() override;
  BitswapSender(const BitswapSender&) = delete;
  BitswapSender& operator=(const BitswapSender&) = delete;

  /// Opens the stream if need be. A stream that is lost fails with a StreamError. Errors: those of
  /// Connection::open_stream() and Stream::write(); StreamError::write_buffer_full beyond
  /// kMaxWaitingWantlists.
  base::Status send(std::shared_ptr<const wire::OutgoingWantlist> wantlist,
                    std::unique_ptr<Receipt> receipt) override;

  /// Half-closes the stream: the peer hears that no more comes.
  void close();
  /// Resets it: what is not out is lost.
  void reset() override;

  /// As agreed, or known from identify; nullopt without a stream, or before.
  std::optional<wire::BitswapProtocol> protocol() const { return protocol_; }

 private:
  class Handler;
  struct Waiting {
    std::shared_ptr<const wire::OutgoingWantlist> wantlist;  // null once it is written
    std::unique_ptr<Receipt> receipt;
  };

  base::Status open();
  base::Status write(Waiting& waiting);
  void on_negotiated(std::string_view protocol);
  void on_stream_lost();
  void settle();
  bool all_out() const { return negotiated_ && stream_->pending_write() == 0; }

  std::unique_ptr<StreamOpener> opener_;
  const std::chrono::milliseconds timeout_;
  Handler* handler_ = nullptr;  // owned by its stream
  libp2p::Stream* stream_ = nullptr;
  std::optional<wire::BitswapProtocol> protocol_;
  bool negotiated_ = false;
  std::deque<Waiting> waiting_;
};

}  // namespace mexport::ipfs
