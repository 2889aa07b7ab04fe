// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/answer_queue.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "wire/bitswap_writer.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace mexport::ipfs {
namespace {

/// Tags, lengths and type of a presence, beside its CID.
constexpr std::size_t kPresenceOverhead = 6;
/// A peer's part of what is free.
constexpr std::size_t kShare = 2;

struct Proposal {
  std::span<const std::string_view> protocols;
  libp2p::multistream::Form form;
};

Proposal propose(const StreamOpener& opener) {
  const std::span<const std::string_view> all(kPresenceProtocols);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (opener.speaks(all[i])) return {all.subspan(i, 1), libp2p::multistream::Form::lazy};
  }
  return {all, libp2p::multistream::Form::waiting};
}

}  // namespace

AnswerQueue::AnswerQueue(BitswapShared& shared, StreamOpener& opener)
    : shared_(shared),
      opener_(opener),
      timer_([](void* self) { static_cast<AnswerQueue*>(self)->send_down_to(0); }, this) {}

AnswerQueue::~AnswerQueue() {
  close();
}

void AnswerQueue::add(std::uint64_t cid_hash, base::ByteView cid) {
  if (closed_ || index_.find(cid_hash)) return;
  if (answers_.size() >= shared_.options.max_pending_answers) {
    shared_.counters.answers_dropped_full.add();
    return;
  }
  if (!has_room(cid.size())) {
    shared_.counters.answers_dropped_share.add();
    return;
  }
  index_.set(cid_hash, static_cast<std::uint16_t>(answers_.size()));
  answers_.push_back(
      {static_cast<std::uint32_t>(cids_.size()), static_cast<std::uint16_t>(cid.size()), cid_hash});
  base::append(cids_, cid);
  waiting_bytes_ += cid.size() + kPresenceOverhead;
}

/// For one more answer. Counts what those that wait need, be the room for more what it may.
bool AnswerQueue::has_room(std::size_t cid_size) const {
  const auto mine = waiting_bytes_ + cid_size +
                    (pending() + 1) * (sizeof(Answer) + CidTable::kSlotSize) + frames_;
  if (mine <= kAnswerBytesAlways) return true;
  const auto all = shared_.options.answer_bytes;
  return mine <= (all - std::min(all, shared_.answer_bytes)) / kShare;
}

void AnswerQueue::forget(const Answer& answer) {
  index_.erase(answer.hash);
  waiting_bytes_ -= answer.size + kPresenceOverhead;
}

void AnswerQueue::cancel(std::uint64_t cid_hash) {
  const auto at = index_.find(cid_hash);
  if (!at) return;
  forget(answers_[*at]);
  answers_[*at].size = 0;
  shared_.counters.answers_cancelled.add();
  if (index_.size() == 0) compact();
}

void AnswerQueue::cancel_all() {
  shared_.counters.answers_cancelled.add(index_.size());
  for (; next_ < answers_.size(); ++next_) {
    if (answers_[next_].size != 0) forget(answers_[next_]);
  }
  compact();
}

void AnswerQueue::account() {
  const auto now =
      cids_.capacity() + answers_.capacity() * sizeof(Answer) + index_.memory_size() + frames_;
  shared_.answer_bytes += now - held_;  // modulo 2^64, so that it may shrink
  opener_.hold(std::exchange(held_, now), now);
}

void AnswerQueue::settle() {
  account();
  if (waiting_bytes_ >= kAnswerMessageTarget) send_down_to(kAnswerMessageTarget - 1);
  // With all streams taken, the end of one wakes the queue.
  if (pending() == 0 || timer_.armed() || streams_.size() >= shared_.options.max_answer_streams)
    return;
  shared_.runtime.timers().arm(timer_, shared_.runtime.now() + shared_.options.answer_delay);
}

void AnswerQueue::send_down_to(std::size_t bytes) {
  while (waiting_bytes_ > bytes && streams_.size() < shared_.options.max_answer_streams)
    send_message();
  compact();
}

void AnswerQueue::send_message() {
  wire::BitswapMessageWriter writer(wire::BitswapProtocol::v1_2_0);
  std::size_t count = 0;
  for (; next_ < answers_.size() && writer.body_size() < kAnswerMessageTarget; ++next_) {
    const Answer& answer = answers_[next_];
    if (answer.size == 0) continue;
    writer.add_presence(base::ByteView(cids_).subspan(answer.offset, answer.size),
                        wire::BlockPresence::dont_have);
    forget(answer);
    ++count;
  }
  const Proposal proposal = propose(opener_);
  auto frame = writer.frame();
  frames_ += frame.size();
  auto handler = std::make_unique<AnswerStream>(*this, std::move(frame), count);
  AnswerStream* const answer = handler.get();
  streams_.push_back(answer);
  libp2p::OpenStreamOptions options{.protocols = proposal.protocols,
                                    .handler = std::move(handler),
                                    .form = proposal.form,
                                    .on_negotiated = {}};
  const bool lazy = proposal.form == libp2p::multistream::Form::lazy;
  if (!lazy) {
    options.on_negotiated = [answer](libp2p::Stream& stream,
                                     base::Result<std::string_view> agreed) {
      if (agreed) answer->write(stream);  // else it is gone
    };
  }
  const auto stream = opener_.open_stream(std::move(options));
  if (!stream) return;
  answer->opened(**stream);
  if (lazy) answer->write(**stream);
}

// What has been sent leaves; an empty queue holds no memory.
void AnswerQueue::compact() {
  make_compact();
  account();
}

void AnswerQueue::make_compact() {
  if (pending() == 0) {
    base::Bytes().swap(cids_);  // an assignment of nothing would keep the memory
    std::vector<Answer>().swap(answers_);
    next_ = 0;
    timer_.disarm();
    return;
  }
  if (next_ == 0) return;
  base::Bytes cids;
  std::vector<Answer> answers;
  for (; next_ < answers_.size(); ++next_) {
    Answer answer = answers_[next_];
    if (answer.size == 0) continue;
    const auto cid = base::ByteView(cids_).subspan(answer.offset, answer.size);
    answer.offset = static_cast<std::uint32_t>(cids.size());
    index_.set(answer.hash, static_cast<std::uint16_t>(answers.size()));
    base::append(cids, cid);
    answers.push_back(answer);
  }
  cids_ = std::move(cids);
  answers_ = std::move(answers);
  next_ = 0;
}

void AnswerQueue::close() {
  closed_ = true;
  shared_.counters.answers_dropped_failed.add(pending());
  for (; next_ < answers_.size(); ++next_) {
    if (answers_[next_].size != 0) forget(answers_[next_]);
  }
  timer_.disarm();
  for (AnswerStream* stream : std::exchange(streams_, {})) stream->detach();
  frames_ = 0;
  compact();
}

void AnswerQueue::on_written(std::size_t answers, std::size_t frame_size) {
  frames_ -= frame_size;
  account();
  shared_.counters.answers_sent.add(answers);
  shared_.counters.answer_messages_sent.add();
}

void AnswerQueue::on_timed_out() {
  shared_.counters.answer_streams_timed_out.add();
}

void AnswerQueue::arm_deadline(base::Timer& deadline) {
  shared_.runtime.timers().arm(deadline, shared_.runtime.now() + shared_.options.answer_timeout);
}

// Comes from a destructor, within which no stream can be opened: the timer does that next.
void AnswerQueue::on_stream_gone(AnswerStream& stream, std::size_t unsent, std::size_t frame_size) {
  frames_ -= frame_size;
  account();
  shared_.counters.answers_dropped_failed.add(unsent);
  const bool was_full = streams_.size() >= shared_.options.max_answer_streams;
  std::erase(streams_, &stream);
  if (was_full && pending() > 0) shared_.runtime.timers().arm(timer_, shared_.runtime.now());
}

}  // namespace mexport::ipfs
