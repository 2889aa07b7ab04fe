// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/runtime.hpp"
#include "ipfs/bitswap/counters.hpp"
#include "ipfs/bitswap/ledger.hpp"
#include "ipfs/bitswap/options.hpp"
#include "ipfs/bitswap/receiver.hpp"
#include "ipfs/bitswap/shared.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/protocol_table.hpp"
#include "wire/bitswap.hpp"

#include <cstdint>
#include <system_error>

namespace mexport::ipfs {

class PeerState;
struct Reply;

/// How a message came.
struct BitswapMessageInfo {
  base::SteadyTime received_at;  ///< when its last byte had been read
  std::uint64_t stream = 0;      ///< the muxer's stream id
  std::uint64_t index = 0;       ///< nth message of the connection, from 0
  std::uint32_t size = 0;        ///< bytes of the protobuf
  wire::BitswapProtocol protocol = wire::BitswapProtocol::v1_2_0;
};

/// What a BitswapService tells its owner. Both may close the connection.
class BitswapEvents {
 public:
  virtual ~BitswapEvents() = default;
  virtual void on_bitswap_message(libp2p::Connection& connection, wire::BitswapMessage&& message,
                                  const BitswapMessageInfo& info) = 0;
  /// A message was refused (wire::Error) and its stream reset; counted already.
  virtual void on_bad_bitswap_message(libp2p::Connection&, std::error_code) {}
  /// A reply with what the peer wanted, `size` bytes of protobuf, begins to be written.
  virtual void on_bitswap_reply(libp2p::Connection&, const Reply&, wire::BitswapProtocol,
                                std::size_t /*size*/) {}
  /// Of a stream of this connection: see ReceiverEvents::on_long_message().
  virtual void on_long_message(libp2p::Connection&, std::size_t /*before*/, std::size_t /*now*/) {}
};

/// Bitswap for the connections of one swarm: hears all, keeps a ledger of what each peer wants,
/// serves what it has been given, answers DONT_HAVE where asked, and asks nothing. Lives on the
/// swarm's shard and outlives the swarm. A connection costs nothing before its first message.
class BitswapService final : private ReceiverEvents, private ReplyEvents {
 public:
  BitswapService(base::Runtime& runtime, BitswapEvents& events, BitswapOptions options = {});
  ~BitswapService() override;
  BitswapService(const BitswapService&) = delete;
  BitswapService& operator=(const BitswapService&) = delete;

  /// Takes the streams of the four protocols.
  void register_protocols(libp2p::ProtocolTable& protocols);

  /// What is served from now on. Wants that came before are not looked at again. Null: nothing.
  void serve(std::shared_ptr<const BlockSet> blocks);

  /// To be called from SwarmEvents::on_disconnected().
  void on_disconnected(libp2p::Connection& connection);

  /// The peer's live wants on this connection; nullptr before its first message. Valid until
  /// on_disconnected().
  const Ledger* ledger(libp2p::Connection& connection);
  /// The key under which ledgers know a CID.
  std::uint64_t ledger_key(base::ByteView cid) const { return shared_.hasher(cid); }

  /// Readable from any thread.
  const BitswapCounters& counters() const { return shared_.counters; }

 private:
  void on_message(libp2p::Stream& stream, wire::BitswapMessage&& message, std::size_t size,
                  wire::BitswapProtocol protocol) override;
  void on_refused(libp2p::Stream& stream, std::error_code error) override;
  void on_reply(libp2p::Stream& stream, const Reply& reply, wire::BitswapProtocol protocol,
                std::size_t size) override;
  void on_gathered(libp2p::Stream& stream, std::size_t before, std::size_t now) override;
  void on_long_message(libp2p::Stream& stream, std::size_t before, std::size_t now) override;
  PeerState& state_of(libp2p::Connection& connection);

  BitswapShared shared_;
  BitswapEvents& events_;
};

}  // namespace mexport::ipfs
