// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/block_server.hpp"

#include "ipfs/bitswap/proposal.hpp"
#include "ipfs/bitswap/protocols.hpp"
#include "ipfs/bitswap/reply_stream.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace mexport::ipfs {

BlockServer::BlockServer(BitswapShared& shared, StreamOpener& opener)
    : shared_(shared),
      opener_(opener),
      timer_([](void* self) { static_cast<BlockServer*>(self)->send_next(); }, this) {}

BlockServer::~BlockServer() {
  close();
}

void BlockServer::add(const Want& want) {
  if (closed_) return;
  if (const auto found = waiting_.find(want.hash); found != waiting_.end()) {
    found->second.block |= want.block;
    return;
  }
  if (order_.size() >= kMaxWaitingWants) return shared_.counters.serve_dropped_full.add();
  auto cid = multiformats::Cid::from_bytes(want.cid);
  if (!cid) return;
  waiting_.try_emplace(want.hash, Waiting{std::move(*cid), want.data, want.message, want.block});
  order_.push_back(want.hash);
}

void BlockServer::account() {
  const auto now = order_.size() * kWaitingWantMemory;
  opener_.hold(std::exchange(held_, now), now);
}

void BlockServer::cancel(std::uint64_t cid_hash) {
  waiting_.erase(cid_hash);
  if (waiting_.empty()) order_.clear();
}

void BlockServer::cancel_all() {
  waiting_.clear();
  order_.clear();
}

void BlockServer::settle() {
  account();
  send_next();
}

bool BlockServer::may_send() const {
  return !closed_ && !sending_ && !waiting_.empty() &&
         streams_.size() < shared_.options.max_answer_streams;
}

// What has come while this waits, for the rate or for a stream, is sent by whatever it waits for.
void BlockServer::send_next() {
  if (!may_send()) return;
  if (next_at_ && *next_at_ > shared_.runtime.now()) {
    if (!timer_.armed()) shared_.runtime.timers().arm(timer_, *next_at_);
    return;
  }
  send(next_reply());
  account();
}

Reply BlockServer::next_reply() {
  Reply reply;
  std::size_t bytes = 0;
  while (!order_.empty()) {
    const auto next = waiting_.find(order_.front());
    if (next != waiting_.end()) {
      if (!join(reply, next->second, bytes)) break;
      waiting_.erase(next);
    }
    order_.pop_front();
  }
  return reply;
}

/// False when it is for the next message.
bool BlockServer::join(Reply& reply, Waiting& want, std::size_t& bytes) {
  const bool large = want.block && want.data->size() >= kLargeBlock;
  const bool full = large || bytes >= kLargeBlock || want.message != reply.reply_to;
  if (reply.size() > 0 && full) return false;
  reply.reply_to = want.message;
  bytes += want.cid.bytes().size() + (want.block ? want.data->size() : 0);
  auto& list = want.block ? reply.content.blocks : reply.content.haves;
  list.push_back(std::move(want.cid));
  if (want.block) reply.data.push_back(std::move(want.data));
  return true;
}

void BlockServer::send(Reply reply) {
  const Proposal proposal = propose(opener_, kBitswapProtocols);
  auto handler = std::make_unique<ReplyStream>(*this, std::move(reply));
  ReplyStream* const sending = handler.get();
  streams_.push_back(sending);
  sending_ = true;
  libp2p::OpenStreamOptions options{.protocols = proposal.protocols,
                                    .handler = std::move(handler),
                                    .form = proposal.form,
                                    .on_negotiated = {}};
  if (!proposal.lazy()) {
    options.on_negotiated = [sending](libp2p::Stream& stream,
                                      base::Result<std::string_view> agreed) {
      if (!agreed) return;  // it is gone
      sending->write(stream, *wire::parse_bitswap_protocol(*agreed));
    };
  }
  const auto stream = opener_.open_stream(std::move(options));
  if (!stream) return;
  sending->opened(**stream);
  if (!proposal.lazy()) return;
  sending->write(**stream, *wire::parse_bitswap_protocol(proposal.protocols.front()));
}

void BlockServer::close() {
  if (std::exchange(closed_, true)) return;
  timer_.disarm();
  std::size_t lost = pending();
  for (ReplyStream* stream : std::exchange(streams_, {})) {
    if (stream->sending()) lost += stream->reply().size();
    stream->detach();
  }
  shared_.counters.serve_dropped_failed.add(lost);
  cancel_all();
  account();
}

void BlockServer::on_begun(const ReplyStream& reply, libp2p::Stream& stream,
                           wire::BitswapProtocol protocol, const ReplyFrame& frame) {
  const auto pause = std::chrono::nanoseconds(std::chrono::seconds(1)) *
                     static_cast<std::int64_t>(frame.size()) /
                     static_cast<std::int64_t>(shared_.options.serve_rate);
  const auto now = shared_.runtime.now();
  next_at_ = std::max(next_at_.value_or(now), now) + pause;
  if (shared_.replies != nullptr) {
    shared_.replies->on_reply(stream, reply.reply(), protocol, frame.body_size);
  }
}

void BlockServer::on_sent(const ReplyStream& stream, base::Timer& deadline) {
  auto& counters = shared_.counters;
  const Reply& reply = stream.reply();
  counters.served_haves.add(reply.content.haves.size());
  counters.served_blocks.add(reply.content.blocks.size());
  for (const auto& data : reply.data) counters.served_block_bytes.add(data->size());
  arm_deadline(deadline, shared_.options.answer_timeout);
  sending_ = false;
  if (may_send()) shared_.runtime.timers().arm(timer_, shared_.runtime.now());
}

void BlockServer::on_timed_out() {
  shared_.counters.answer_streams_timed_out.add();
}

void BlockServer::arm_deadline(base::Timer& deadline, std::chrono::milliseconds time) {
  shared_.runtime.timers().arm(deadline, shared_.runtime.now() + time);
}

// Comes from a destructor, within which no stream can be opened: the timer does that next.
void BlockServer::on_stream_gone(ReplyStream& stream) {
  std::erase(streams_, &stream);
  if (stream.sending()) {
    sending_ = false;
    shared_.counters.serve_dropped_failed.add(stream.reply().size());
  }
  if (may_send() && !timer_.armed()) shared_.runtime.timers().arm(timer_, shared_.runtime.now());
}

}  // namespace mexport::ipfs
