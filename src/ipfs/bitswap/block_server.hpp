// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/timer_wheel.hpp"
#include "ipfs/bitswap/reply.hpp"
#include "ipfs/bitswap/shared.hpp"
#include "ipfs/bitswap/stream_opener.hpp"
#include "multiformats/cid.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mexport::ipfs {

class ReplyStream;

/// Gives one peer what it wants and we have: in the order of its messages, each answered by
/// messages of their own, one after the other, at no more than BitswapOptions::serve_rate. Bounded
/// in what waits, in streams and in time. Exists only for peers that wanted something we have.
class BlockServer {
 public:
  /// A want that can be met.
  struct Want {
    std::uint64_t hash = 0;  ///< BitswapShared::hasher's, of the CID
    base::ByteView cid;
    BlockSet::Data data;
    bool block = false;         ///< else HAVE is enough
    std::uint64_t message = 0;  ///< that it came in, counted from 0
  };

  /// Both outlive the server, or its close().
  BlockServer(BitswapShared& shared, StreamOpener& opener);
  ~BlockServer();
  BlockServer(const BlockServer&) = delete;
  BlockServer& operator=(const BlockServer&) = delete;

  /// One that waits already only gains: the block over a HAVE.
  void add(const Want& want);
  void cancel(std::uint64_t cid_hash);
  /// Forgets all that wait: the peer's wants were replaced.
  void cancel_all();
  /// After a message's adds and cancels: sends what may go.
  void settle();
  /// The connection is going: nothing is sent any more.
  void close();

  std::size_t pending() const { return waiting_.size(); }

 private:
  friend class ReplyStream;
  struct Waiting {
    multiformats::Cid cid;
    BlockSet::Data data;
    std::uint64_t message;
    bool block;
  };

  void on_begun(const ReplyStream& reply, libp2p::Stream& stream, wire::BitswapProtocol protocol,
                const ReplyFrame& frame);
  void on_sent(const ReplyStream& stream, base::Timer& deadline);
  void on_timed_out();
  void on_stream_gone(ReplyStream& stream);
  void arm_deadline(base::Timer& deadline, std::chrono::milliseconds time);

  bool may_send() const;
  void send_next();
  Reply next_reply();
  bool join(Reply& reply, Waiting& want, std::size_t& bytes);
  void send(Reply reply);
  void account();

  BitswapShared& shared_;
  StreamOpener& opener_;
  base::Timer timer_;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::deque<std::uint64_t> order_;    // their hashes, and those of some that were cancelled
  std::vector<ReplyStream*> streams_;  // of them at most one is sending
  bool sending_ = false;
  std::optional<base::SteadyTime> next_at_;  // the rate allows no message before
  std::size_t held_ = 0;                     // as last told
  bool closed_ = false;
};

}  // namespace mexport::ipfs
