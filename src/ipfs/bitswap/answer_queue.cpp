// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/answer_queue.hpp"

#include "ipfs/bitswap/proposal.hpp"
#include "ipfs/bitswap/protocols.hpp"
#include "wire/bitswap_writer.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace mexport::ipfs {
namespace {

/// A presence: its CID, type, tags and lengths, which take two bytes from 128 on.
constexpr std::size_t presence_size(std::size_t cid) {
  const std::size_t presence = cid + (cid < 128 ? 4 : 5);
  return presence + (presence < 128 ? 2 : 3);
}

/// The length of a message, and its empty wantlist.
constexpr std::size_t kMessageOverhead = 8;
/// A peer's part of what is free.
constexpr std::size_t kShare = 2;
/// Of what all may take, up to which queues keep memory for more.
constexpr std::size_t kKeptShare = 4;

}  // namespace

AnswerQueue::AnswerQueue(BitswapShared& shared, StreamOpener& opener)
    : shared_(shared),
      opener_(opener),
      timer_([](void* self) { static_cast<AnswerQueue*>(self)->send_down_to(0); }, this),
      last_sent_(shared.runtime.now() - kAnswerStreamTime) {}

AnswerQueue::~AnswerQueue() {
  close();
}

void AnswerQueue::add(std::uint64_t cid_hash, base::ByteView cid) {
  if (closed_) return;
  const bool full = answers_.size() >= shared_.options.max_pending_answers;
  if (full || !has_room(cid.size())) {
    auto& counters = shared_.counters;
    auto& dropped = full ? counters.answers_dropped_full : counters.answers_dropped_share;
    if (!index_.find(cid_hash)) dropped.add();
    return;
  }
  if (!index_.add(cid_hash, static_cast<std::uint16_t>(answers_.size()))) return;
  answers_.push_back(
      {static_cast<std::uint32_t>(cids_.size()), static_cast<std::uint16_t>(cid.size()), cid_hash});
  base::append(cids_, cid);
  waiting_bytes_ += presence_size(cid.size());
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
  waiting_bytes_ -= presence_size(answer.size);
}

void AnswerQueue::forget_range(std::size_t from, std::size_t to) {
  if (to == answers_.size()) {  // none are left
    index_.wipe();
    waiting_bytes_ = 0;
    return;
  }
  for (; from < to; ++from) {
    if (answers_[from].size != 0) forget(answers_[from]);
  }
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
  forget_range(std::exchange(next_, answers_.size()), answers_.size());
  compact();
}

std::size_t AnswerQueue::memory() const {
  return cids_.capacity() + answers_.capacity() * sizeof(Answer) + index_.memory_size();
}

void AnswerQueue::account() {
  const auto now = memory() + frames_;
  shared_.answer_bytes += now - held_;  // modulo 2^64, so that it may shrink
  opener_.hold(std::exchange(held_, now), now);
}

void AnswerQueue::settle() {
  account();
  if (waiting_bytes_ >= kAnswerMessageTarget) send_down_to(kAnswerMessageTarget - 1);
  // With all streams taken, the end of one wakes the queue.
  if (pending() == 0 || timer_.armed() || !has_stream()) return;
  shared_.runtime.timers().arm(timer_, shared_.runtime.now() + shared_.options.answer_delay);
}

void AnswerQueue::send_down_to(std::size_t bytes) {
  while (waiting_bytes_ > bytes && has_stream()) send_message();
  compact();
}

/// The next message is not longer.
std::size_t AnswerQueue::next_size() const {
  return std::min(waiting_bytes_, kAnswerMessageTarget + presence_size(kMaxAnsweredCidSize)) +
         kMessageOverhead;
}

// Whether the next message can go: on the stream that is kept, if it can take so much, or on
// another.
bool AnswerQueue::has_stream() {
  if (kept_ != nullptr && !kept_->takes(next_size())) std::exchange(kept_, nullptr)->close();
  return kept_ != nullptr || streams_.size() < shared_.options.max_answer_streams;
}

void AnswerQueue::send_message() {
  std::size_t count = 0;
  auto frame = next_frame(count);
  frames_ += frame.size();
  const auto now = shared_.runtime.now();
  const bool often = now - std::exchange(last_sent_, now) < kAnswerStreamTime;
  if (kept_ != nullptr) return kept_->send(std::move(frame), count);
  send_on_new_stream(std::move(frame), count, often);
}

base::Bytes AnswerQueue::next_frame(std::size_t& count) {
  wire::BitswapMessageWriter writer(wire::BitswapProtocol::v1_2_0);
  writer.reserve_presences(next_size());
  const std::size_t first = next_;
  for (; next_ < answers_.size() && writer.body_size() < kAnswerMessageTarget; ++next_) {
    const Answer& answer = answers_[next_];
    if (answer.size == 0) continue;
    writer.add_presence(base::ByteView(cids_).subspan(answer.offset, answer.size),
                        wire::BlockPresence::dont_have);
    ++count;
  }
  forget_range(first, next_);
  return writer.frame();
}

void AnswerQueue::send_on_new_stream(base::Bytes frame, std::size_t count, bool often) {
  const Proposal proposal = propose(opener_, kPresenceProtocols);
  const bool lazy = proposal.lazy();
  const bool keep = often && lazy && frame.size() < kAnswerMessageTarget;
  auto handler = std::make_unique<AnswerStream>(*this, std::move(frame), count, keep);
  AnswerStream* const answer = handler.get();
  streams_.push_back(answer);
  libp2p::OpenStreamOptions options{.protocols = proposal.protocols,
                                    .handler = std::move(handler),
                                    .form = proposal.form,
                                    .on_negotiated = {}};
  if (!lazy) {
    options.on_negotiated = [answer](libp2p::Stream& stream,
                                     base::Result<std::string_view> agreed) {
      if (agreed) answer->write(stream);  // else it is gone
    };
  }
  const auto stream = opener_.open_stream(std::move(options));
  if (!stream) return;
  if (keep) kept_ = answer;
  answer->opened(**stream);
  if (lazy) answer->write(**stream);
}

// What has been sent leaves; an empty queue holds no memory, unless more is expected soon.
void AnswerQueue::compact() {
  make_compact();
  account();
}

void AnswerQueue::make_empty() {
  next_ = 0;
  timer_.disarm();
  cids_.clear();
  answers_.clear();
  const bool much = shared_.answer_bytes > shared_.options.answer_bytes / kKeptShare;
  if (kept_ != nullptr && memory() <= kKeptAnswerMemory && !much) return;
  base::Bytes().swap(cids_);  // an assignment of nothing would keep the memory
  std::vector<Answer>().swap(answers_);
  index_.clear();
}

void AnswerQueue::make_compact() {
  if (pending() == 0) return make_empty();
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
  forget_range(std::exchange(next_, answers_.size()), answers_.size());
  timer_.disarm();
  kept_ = nullptr;
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

void AnswerQueue::on_not_kept(const AnswerStream& stream) {
  if (kept_ != &stream) return;
  kept_ = nullptr;
  if (pending() == 0) compact();
}

void AnswerQueue::on_timed_out() {
  shared_.counters.answer_streams_timed_out.add();
}

void AnswerQueue::arm_deadline(base::Timer& deadline, std::chrono::milliseconds time) {
  shared_.runtime.timers().arm(deadline, shared_.runtime.now() + time);
}

// Comes from a destructor, within which no stream can be opened: the timer does that next.
void AnswerQueue::on_stream_gone(AnswerStream& stream, std::size_t unsent, std::size_t frame_size) {
  frames_ -= frame_size;
  account();
  shared_.counters.answers_dropped_failed.add(unsent);
  const bool was_full = streams_.size() >= shared_.options.max_answer_streams;
  std::erase(streams_, &stream);
  on_not_kept(stream);
  if (was_full && pending() > 0) shared_.runtime.timers().arm(timer_, shared_.runtime.now());
}

}  // namespace mexport::ipfs
