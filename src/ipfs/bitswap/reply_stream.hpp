// SPDX-License-Identifier: MIT
#pragma once

#include "base/timer_wheel.hpp"
#include "ipfs/bitswap/reply.hpp"
#include "libp2p/stream.hpp"

#include <cstddef>

namespace mexport::ipfs {

class BlockServer;

/// One reply on a stream of its own, as boxo's server sends each: written as fast as the peer
/// reads, half-closed, then the peer's close is awaited. Owned by its stream; tells its server when
/// it is gone.
class ReplyStream final : public libp2p::StreamHandler {
 public:
  ReplyStream(BlockServer& server, Reply reply);
  ~ReplyStream() override;

  /// From the opening on a deadline runs.
  void opened(libp2p::Stream& stream);
  /// The protocol is agreed on, or known to be.
  void write(libp2p::Stream& stream, wire::BitswapProtocol protocol);
  /// The server is gone: what has not been written is lost.
  void detach();

  bool sending() const { return sending_; }
  const Reply& reply() const { return reply_; }

  void on_data(libp2p::Stream& stream, base::ByteView data) override;
  void on_remote_close(libp2p::Stream&) override {}
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override {}
  void on_drained(libp2p::Stream& stream) override;

 private:
  void write_on(libp2p::Stream& stream);
  void on_deadline();

  BlockServer* server_;
  libp2p::Stream* stream_ = nullptr;
  Reply reply_;
  ReplyFrame frame_;
  std::size_t written_ = 0;
  bool sending_ = true;  // until the connection has taken all of it
  base::Timer deadline_;
};

}  // namespace mexport::ipfs
