// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/answer_queue.hpp"
#include "ipfs/bitswap/block_server.hpp"
#include "ipfs/bitswap/ledger.hpp"
#include "ipfs/bitswap/shared.hpp"
#include "ipfs/bitswap/stream_opener.hpp"
#include "libp2p/connection.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mexport::ipfs {

/// What Bitswap remembers of one connection, from its first message on: the peer's live wants and
/// the answers owed to it. Attached to the connection.
class PeerState final : public libp2p::ConnectionAttachment {
 public:
  PeerState(BitswapShared& shared, std::unique_ptr<StreamOpener> opener);
  ~PeerState() override;

  /// Takes wants, cancels and a full list into ledger and answers, as if repeated CIDs had been
  /// merged before: within one message a cancel wins wherever it stands. What we have is given by
  /// the next serve().
  void take_wantlist(const wire::BitswapMessage& message, wire::BitswapProtocol protocol);

  /// Sends of what its messages wanted and we have.
  void serve();

  /// The connection is going.
  void close();

  /// Whether one more message that says nothing is within the rate.
  bool takes_empty_message() {
    return empty_.take(shared_.options.empty_messages, shared_.runtime.now());
  }
  std::uint64_t next_message_index() { return messages_++; }
  const Ledger& ledger() const { return ledger_; }
  std::size_t pending_answers() const { return answers_ ? answers_->pending() : 0; }
  std::size_t pending_served() const { return server_ ? server_->pending() : 0; }

 private:
  void take_wants(const wire::BitswapMessage& message, bool answerable);
  void take_cancels(const wire::BitswapMessage& message);
  bool take_servable(base::ByteView cid, Ledger::Want want);
  AnswerQueue& answers();

  BitswapShared& shared_;
  std::unique_ptr<StreamOpener> opener_;
  Ledger ledger_;
  std::unique_ptr<AnswerQueue> answers_;  // from the first want that asks for one
  std::unique_ptr<BlockServer> server_;   // from the first want that we can meet
  std::uint64_t messages_ = 0;
  base::RateLimit empty_;
  bool closed_ = false;
};

}  // namespace mexport::ipfs
