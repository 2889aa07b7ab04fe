// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/sender.hpp"

#include "ipfs/bitswap/proposal.hpp"
#include "ipfs/bitswap/protocols.hpp"
#include "libp2p/stream_error.hpp"
#include "wire/bitswap_writer.hpp"

#include <string_view>
#include <utility>

namespace mexport::ipfs {

/// Tells its sender what becomes of the stream; there is nothing to be read.
class BitswapSender::Handler final : public libp2p::StreamHandler {
 public:
  explicit Handler(BitswapSender& sender) : sender_(&sender) {}
  ~Handler() override { lose(); }

  void detach() { sender_ = nullptr; }
  void on_negotiated(std::string_view protocol) {
    if (sender_ != nullptr) sender_->on_negotiated(protocol);
  }

  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream& stream) override {
    lose();
    stream.close_write();
  }
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override { lose(); }
  void on_drained(libp2p::Stream&) override {
    if (sender_ != nullptr) sender_->settle();
  }

 private:
  void lose() {
    if (auto* sender = std::exchange(sender_, nullptr)) sender->on_stream_lost();
  }

  BitswapSender* sender_;
};

BitswapSender::BitswapSender(std::unique_ptr<StreamOpener> opener,
                             std::chrono::milliseconds timeout)
    : opener_(std::move(opener)), timeout_(timeout) {}

BitswapSender::~BitswapSender() {
  if (handler_ != nullptr) handler_->detach();
}

base::Status BitswapSender::send(std::shared_ptr<const wire::OutgoingWantlist> wantlist,
                                 std::unique_ptr<Receipt> receipt) {
  if (waiting_.size() == kMaxWaitingWantlists) {
    return base::fail(libp2p::StreamError::write_buffer_full);
  }
  if (stream_ == nullptr) {
    if (auto opened = open(); !opened) return opened;
  }
  Waiting waiting{std::move(wantlist), std::move(receipt)};
  if (protocol_) {
    if (auto written = write(waiting); !written) return written;
  }
  waiting_.push_back(std::move(waiting));
  settle();
  return {};
}

base::Status BitswapSender::open() {
  const Proposal proposal = propose(*opener_, kBitswapProtocols);
  auto handler = std::make_unique<Handler>(*this);
  auto* const raw = handler.get();
  const auto stream =
      opener_->open_stream({.protocols = proposal.protocols,
                            .handler = std::move(handler),
                            .form = proposal.form,
                            .on_negotiated =
                                [raw](libp2p::Stream&, base::Result<std::string_view> agreed) {
                                  if (agreed) raw->on_negotiated(*agreed);  // else it is gone
                                },
                            .negotiation_timeout = timeout_});
  if (!stream) return base::fail(stream.error());
  handler_ = raw;
  stream_ = *stream;
  if (proposal.lazy()) protocol_ = wire::parse_bitswap_protocol(proposal.protocols.front());
  return {};
}

base::Status BitswapSender::write(Waiting& waiting) {
  wire::BitswapMessageWriter writer(*protocol_);
  const auto wantlist = std::exchange(waiting.wantlist, nullptr);
  writer.set_full(wantlist->full);
  for (const auto& entry : wantlist->entries) {
    writer.add_entry({.cid = entry.cid.bytes(),
                      .priority = entry.priority,
                      .want_type = entry.want_type,
                      .cancel = entry.cancel,
                      .send_dont_have = entry.send_dont_have});
  }
  auto written = stream_->write(writer.frame());
  if (written) waiting.receipt->on_written({.protocol = *protocol_, .size = writer.body_size()});
  return written;
}

void BitswapSender::on_negotiated(std::string_view protocol) {
  negotiated_ = true;
  protocol_ = wire::parse_bitswap_protocol(protocol);
  for (auto& waiting : waiting_) {
    // One that is refused ends here: the peer reads too little, or the stream is ending.
    if (waiting.wantlist && !write(waiting)) return reset();
  }
  settle();
}

/// Answers for what is out.
void BitswapSender::settle() {
  if (!all_out()) return;
  for (const auto& waiting : std::exchange(waiting_, {})) waiting.receipt->on_done({});
}

void BitswapSender::close() {
  if (stream_ == nullptr) return;
  handler_->detach();
  libp2p::Stream* const stream = stream_;
  on_stream_lost();
  stream->close_write();
}

void BitswapSender::reset() {
  if (stream_ == nullptr) return;
  handler_->detach();
  libp2p::Stream* const stream = stream_;
  on_stream_lost();
  stream->reset(libp2p::StreamCode::none);
}

void BitswapSender::on_stream_lost() {
  const auto error =
      negotiated_ ? libp2p::StreamError::closed : libp2p::StreamError::negotiation_failed;
  handler_ = nullptr;
  stream_ = nullptr;
  protocol_.reset();
  negotiated_ = false;
  for (const auto& waiting : std::exchange(waiting_, {})) {
    waiting.receipt->on_done(make_error_code(error).message());
  }
}

}  // namespace mexport::ipfs
