// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "ipfs/bitswap/stream_opener.hpp"
#include "libp2p/stream.hpp"
#include "multiformats/cid.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace mexport::ipfs {

/// Wantlists that wait for the protocol to be agreed on.
inline constexpr std::size_t kMaxWaitingWantlists = 64;

/// A wantlist message to be sent.
struct OutgoingWantlist {
  struct Entry {
    multiformats::Cid cid;
    std::int32_t priority = 0;
    wire::WantType want_type = wire::WantType::block;
    bool cancel = false;
    bool send_dont_have = false;
  };
  std::vector<Entry> entries;
  bool full = false;  ///< replaces all that was wanted before
};

/// Asks a peer: writes wantlists on one long-lived stream, in the form that the agreed protocol
/// knows. A stream that is lost is replaced at the next send(). Lives on the connection's shard.
class BitswapSender {
 public:
  explicit BitswapSender(std::unique_ptr<StreamOpener> opener);
  /// The stream, if there is one, goes with its connection.
  ~BitswapSender();
  BitswapSender(const BitswapSender&) = delete;
  BitswapSender& operator=(const BitswapSender&) = delete;

  /// Opens the stream if need be. What waits for its negotiation is lost when that fails.
  /// Errors: those of Connection::open_stream() and Stream::write(); StreamError::write_buffer_full
  /// beyond kMaxWaitingWantlists.
  base::Status send(OutgoingWantlist wantlist);

  /// Half-closes the stream: the peer hears that no more comes.
  void close();

  /// As agreed; nullopt without a stream, or before.
  std::optional<wire::BitswapProtocol> protocol() const { return protocol_; }

 private:
  class Handler;

  base::Status open();
  base::Status write(wire::BitswapProtocol protocol, const OutgoingWantlist& wantlist);
  void on_negotiated(std::string_view protocol);
  void on_stream_lost();

  std::unique_ptr<StreamOpener> opener_;
  Handler* handler_ = nullptr;  // owned by its stream
  libp2p::Stream* stream_ = nullptr;
  std::optional<wire::BitswapProtocol> protocol_;
  std::vector<OutgoingWantlist> waiting_;
};

}  // namespace mexport::ipfs
