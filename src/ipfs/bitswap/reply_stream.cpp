// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/reply_stream.hpp"

#include "ipfs/bitswap/block_server.hpp"
#include "ipfs/bitswap/options.hpp"

#include <utility>

namespace mexport::ipfs {

ReplyStream::ReplyStream(BlockServer& server, Reply reply)
    : server_(&server),
      reply_(std::move(reply)),
      deadline_([](void* self) { static_cast<ReplyStream*>(self)->on_deadline(); }, this) {}

ReplyStream::~ReplyStream() {
  if (server_ != nullptr) server_->on_stream_gone(*this);
}

void ReplyStream::detach() {
  server_ = nullptr;
  deadline_.disarm();
}

void ReplyStream::opened(libp2p::Stream& stream) {
  stream_ = &stream;
  if (server_ != nullptr) server_->arm_deadline(deadline_, kReplyTime);
}

void ReplyStream::write(libp2p::Stream& stream, wire::BitswapProtocol protocol) {
  if (server_ == nullptr) return;
  frame_ = frame_of(reply_, protocol);
  server_->on_begun(*this, stream, protocol, frame_);
  write_on(stream);
}

void ReplyStream::on_drained(libp2p::Stream& stream) {
  if (sending_ && frame_.size() > 0) write_on(stream);
}

/// Piece by piece, so that no more than one waits in the stream for a peer that does not read.
void ReplyStream::write_on(libp2p::Stream& stream) {
  while (written_ < frame_.size()) {
    if (stream.pending_write() > 0) return;
    const auto piece = frame_.slice(written_, kReplyPiece);
    if (!stream.write(piece)) return stream.reset(libp2p::StreamCode::none);
    written_ += piece.size();
  }
  if (stream.pending_write() > 0) return;
  stream.close_write();
  sending_ = false;
  frame_ = {};
  if (server_ != nullptr) server_->on_sent(*this, deadline_);
}

// Nothing is expected.
void ReplyStream::on_data(libp2p::Stream& stream, base::ByteView data) {
  stream.consume(data.size());
}

// The stream lives as long as its handler.
void ReplyStream::on_deadline() {
  server_->on_timed_out();
  stream_->reset(libp2p::StreamCode::none);
}

}  // namespace mexport::ipfs
