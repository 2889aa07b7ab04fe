// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/sender.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "libp2p/stream_error.hpp"
#include "wire/bitswap_writer.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace mexport::ipfs {

/// Tells its sender that the stream is lost, in whatever way; there is nothing to be read.
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

 private:
  void lose() {
    if (auto* sender = std::exchange(sender_, nullptr)) sender->on_stream_lost();
  }

  BitswapSender* sender_;
};

BitswapSender::BitswapSender(std::unique_ptr<StreamOpener> opener) : opener_(std::move(opener)) {}

BitswapSender::~BitswapSender() {
  if (handler_ != nullptr) handler_->detach();
}

base::Status BitswapSender::send(OutgoingWantlist wantlist) {
  if (stream_ == nullptr) {
    if (const auto opened = open(); !opened) return opened;
  }
  if (protocol_) return write(*protocol_, wantlist);
  if (waiting_.size() == kMaxWaitingWantlists) {
    return base::fail(libp2p::StreamError::write_buffer_full);
  }
  waiting_.push_back(std::move(wantlist));
  return {};
}

base::Status BitswapSender::open() {
  const std::span<const std::string_view> all(kBitswapProtocols);
  const bool best_known = opener_->speaks(all.front());
  auto handler = std::make_unique<Handler>(*this);
  handler_ = handler.get();
  libp2p::OpenStreamOptions options{
      .protocols = best_known ? all.first(1) : all,
      .handler = std::move(handler),
      .form = best_known ? libp2p::multistream::Form::lazy : libp2p::multistream::Form::waiting,
      .on_negotiated = {}};
  if (!best_known) {
    options.on_negotiated = [raw = handler_](libp2p::Stream&,
                                             base::Result<std::string_view> agreed) {
      if (agreed) raw->on_negotiated(*agreed);  // else it is gone
    };
  }
  const auto stream = opener_->open_stream(std::move(options));
  if (!stream) return base::fail(stream.error());
  stream_ = *stream;
  if (best_known) protocol_ = wire::BitswapProtocol::v1_2_0;
  return {};
}

base::Status BitswapSender::write(wire::BitswapProtocol protocol,
                                  const OutgoingWantlist& wantlist) {
  wire::BitswapMessageWriter writer(protocol);
  writer.set_full(wantlist.full);
  for (const auto& entry : wantlist.entries) {
    writer.add_entry({.cid = entry.cid.bytes(),
                      .priority = entry.priority,
                      .want_type = entry.want_type,
                      .cancel = entry.cancel,
                      .send_dont_have = entry.send_dont_have});
  }
  return stream_->write(writer.frame());
}

void BitswapSender::on_negotiated(std::string_view protocol) {
  const auto agreed = wire::parse_bitswap_protocol(protocol);
  if (!agreed) return;  // never: it is one of the proposals
  protocol_ = agreed;
  for (const auto& wantlist : std::exchange(waiting_, {})) {
    if (!write(*agreed, wantlist)) return;  // the stream is ending, and its handler hears of it
  }
}

void BitswapSender::close() {
  if (stream_ == nullptr) return;
  handler_->detach();
  libp2p::Stream* const stream = stream_;
  on_stream_lost();
  stream->close_write();
}

void BitswapSender::on_stream_lost() {
  handler_ = nullptr;
  stream_ = nullptr;
  protocol_.reset();
  waiting_.clear();
}

}  // namespace mexport::ipfs
