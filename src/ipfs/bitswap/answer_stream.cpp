// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/answer_stream.hpp"

#include "ipfs/bitswap/answer_queue.hpp"
#include "ipfs/bitswap/options.hpp"

#include <utility>

namespace mexport::ipfs {

AnswerStream::AnswerStream(AnswerQueue& queue, base::Bytes frame, std::size_t answers, bool keep)
    : queue_(&queue),
      frame_(std::move(frame)),
      answers_(answers),
      kept_(keep),
      deadline_([](void* self) { static_cast<AnswerStream*>(self)->on_deadline(); }, this) {}

AnswerStream::~AnswerStream() {
  if (queue_ != nullptr) queue_->on_stream_gone(*this, written_ ? 0 : answers_, frame_.size());
}

void AnswerStream::detach() {
  queue_ = nullptr;
  deadline_.disarm();
}

void AnswerStream::opened(libp2p::Stream& stream) {
  stream_ = &stream;
  if (queue_ == nullptr) return;
  kept_ ? queue_->arm_deadline(deadline_, kAnswerStreamTime) : queue_->arm_deadline(deadline_);
}

void AnswerStream::write(libp2p::Stream& stream) {
  if (!stream.write(frame_)) return stream.reset(libp2p::StreamCode::none);
  if (!kept_) stream.close_write();
  written_ = true;
  const base::Bytes frame = std::exchange(frame_, {});
  carried_ += frame.size();
  if (queue_ != nullptr) queue_->on_written(answers_, frame.size());
}

bool AnswerStream::takes(std::size_t size) const {
  return !stream_->ended() && stream_->pending_write() == 0 && carried_ + size <= kAnswerStreamSize;
}

void AnswerStream::send(base::Bytes frame, std::size_t answers) {
  frame_ = std::move(frame);
  answers_ = answers;
  written_ = false;
  write(*stream_);
}

void AnswerStream::close() {
  kept_ = false;
  stream_->close_write();
  queue_->arm_deadline(deadline_);
}

// Nothing is expected: answers to us come on streams that the peer opens.
void AnswerStream::on_data(libp2p::Stream& stream, base::ByteView data) {
  stream.consume(data.size());
}

// Who reads one message of a stream closes its side after it; Helia does so before.
void AnswerStream::on_remote_close(libp2p::Stream&) {
  if (queue_ == nullptr || !kept_) return;
  queue_->on_not_kept(*this);
  close();
}

void AnswerStream::on_reset(libp2p::Stream&, libp2p::StreamCode) {
  if (queue_ != nullptr) queue_->on_not_kept(*this);
}

// The stream lives as long as its handler.
void AnswerStream::on_deadline() {
  if (kept_) {
    queue_->on_not_kept(*this);
    return close();
  }
  queue_->on_timed_out();
  stream_->reset(libp2p::StreamCode::none);
}

}  // namespace mexport::ipfs
