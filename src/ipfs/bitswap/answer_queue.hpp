// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "ipfs/bitswap/answer_stream.hpp"
#include "ipfs/bitswap/cid_table.hpp"
#include "ipfs/bitswap/shared.hpp"
#include "ipfs/bitswap/stream_opener.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mexport::ipfs {

/// The DONT_HAVEs that are owed to one peer: gathered for a while or until a message is full, each
/// CID once, then sent on a stream of their own; a peer that asks often gets several messages on
/// one. Bounded in answers, bytes, streams and time; what
/// does not fit is dropped and counted. Holds a timer only while answers wait, memory only then and
/// while a stream is kept.
class AnswerQueue {
 public:
  /// Both outlive the queue, or its close().
  AnswerQueue(BitswapShared& shared, StreamOpener& opener);
  ~AnswerQueue();
  AnswerQueue(const AnswerQueue&) = delete;
  AnswerQueue& operator=(const AnswerQueue&) = delete;

  /// The hash is BitswapShared::hasher's.
  void add(std::uint64_t cid_hash, base::ByteView cid);
  void cancel(std::uint64_t cid_hash);
  /// Forgets all that wait: the peer's wants were replaced.
  void cancel_all();
  /// After a message's adds and cancels: sends what fills messages, lets the rest wait.
  void settle();
  /// The connection is going: nothing is sent any more.
  void close();

  std::size_t pending() const { return index_.size(); }
  std::size_t open_streams() const { return streams_.size(); }

 private:
  friend class AnswerStream;
  struct Answer {
    std::uint32_t offset;  // in cids_
    std::uint16_t size;    // 0: cancelled
    std::uint64_t hash;
  };

  void on_written(std::size_t answers, std::size_t frame_size);
  void on_not_kept(const AnswerStream& stream);
  void on_timed_out();
  void on_stream_gone(AnswerStream& stream, std::size_t unsent, std::size_t frame_size);
  void arm_deadline(base::Timer& deadline, std::chrono::milliseconds time);
  void arm_deadline(base::Timer& deadline) {
    arm_deadline(deadline, shared_.options.answer_timeout);
  }

  void send_down_to(std::size_t bytes);
  bool has_stream();
  std::size_t next_size() const;
  void send_message();
  bool has_room(std::size_t cid_size) const;
  base::Bytes next_frame(std::size_t& count);
  void send_on_new_stream(base::Bytes frame, std::size_t count, bool often);
  void forget(const Answer& answer);
  void forget_range(std::size_t from, std::size_t to);
  void compact();
  void make_compact();
  void make_empty();
  std::size_t memory() const;
  void account();

  BitswapShared& shared_;
  StreamOpener& opener_;
  base::Timer timer_;
  base::Bytes cids_;
  std::vector<Answer> answers_;  // in the order of asking
  std::size_t next_ = 0;         // of answers_, the first that is not sent
  CidTable index_;               // of those that wait, into answers_
  std::size_t waiting_bytes_ = 0;
  std::vector<AnswerStream*> streams_;
  AnswerStream* kept_ = nullptr;  // of streams_, for the next message
  base::SteadyTime last_sent_;
  std::size_t frames_ = 0;  // bytes of answers that are on a stream, but not written
  std::size_t held_ = 0;    // as last told
  bool closed_ = false;
};

}  // namespace mexport::ipfs
