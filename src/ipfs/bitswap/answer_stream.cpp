// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/answer_stream.hpp"

#include "ipfs/bitswap/answer_queue.hpp"

#include <utility>

namespace mexport::ipfs {

AnswerStream::AnswerStream(AnswerQueue& queue, base::Bytes frame, std::size_t answers)
    : queue_(&queue),
      frame_(std::move(frame)),
      answers_(answers),
      deadline_([](void* self) { static_cast<AnswerStream*>(self)->on_timeout(); }, this) {}

AnswerStream::~AnswerStream() {
  if (queue_ != nullptr) queue_->on_stream_gone(*this, written_ ? 0 : answers_, frame_.size());
}

void AnswerStream::detach() {
  queue_ = nullptr;
  deadline_.disarm();
}

void AnswerStream::opened(libp2p::Stream& stream) {
  stream_ = &stream;
  if (queue_ != nullptr) queue_->arm_deadline(deadline_);
}

void AnswerStream::write(libp2p::Stream& stream) {
  if (!stream.write(frame_)) return stream.reset(libp2p::StreamCode::none);
  stream.close_write();
  written_ = true;
  const base::Bytes frame = std::exchange(frame_, {});
  if (queue_ != nullptr) queue_->on_written(answers_, frame.size());
}

// Nothing is expected: answers to us come on streams that the peer opens.
void AnswerStream::on_data(libp2p::Stream& stream, base::ByteView data) {
  stream.consume(data.size());
}

// The stream lives as long as its handler.
void AnswerStream::on_timeout() {
  queue_->on_timed_out();
  stream_->reset(libp2p::StreamCode::none);
}

}  // namespace mexport::ipfs
