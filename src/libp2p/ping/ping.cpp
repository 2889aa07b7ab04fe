// SPDX-License-Identifier: MIT
#include "libp2p/ping/ping.hpp"

#include "libp2p/swarm.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace mexport::libp2p::ping {
namespace {

constexpr std::array<std::string_view, 1> kProtocols{kProtocol};
/// Go ends an idle stream after 10 s; there is no reason to hurry.
constexpr std::chrono::milliseconds kResponderIdle{60'000};
constexpr std::chrono::milliseconds kRequestTimeout{10'000};

}  // namespace

/// Sends back what comes, until the peer has enough or says nothing for long.
class Service::Responder final : public StreamHandler, public DeadlineList::Item {
 public:
  Responder(Service& service, Stream& stream) : service_(service), stream_(stream) {}

  void on_data(Stream& stream, base::ByteView data) override {
    service_.responders_.set(*this);
    // A peer that does not read its echoes gets no more.
    if (!stream.write(data)) return refuse();
    stream.consume(data.size());
    service_.swarm_.counters_.ping_answered.add();
  }
  void on_remote_close(Stream& stream) override { stream.close_write(); }
  void on_reset(Stream&, StreamCode) override {}
  void on_deadline() override { refuse(); }

 private:
  void refuse() {
    service_.swarm_.counters_.ping_refused.add();
    stream_.reset(StreamCode::resource_limit_exceeded);
  }

  Service& service_;
  Stream& stream_;
};

/// Sends 32 random bytes and waits for them.
class Service::Requester final : public StreamHandler, public DeadlineList::Item {
 public:
  Requester(Service& service, Connection& connection)
      : service_(service), connection_(connection) {}

  void begin(Stream& stream) {
    stream_ = &stream;
    auto& shard = service_.swarm_.shard();
    for (std::size_t at = 0; at < sent_.size(); at += sizeof(std::uint64_t)) {
      const std::uint64_t word = shard.random().next();
      std::memcpy(sent_.data() + at, &word, sizeof word);
    }
    sent_at_ = shard.now();
    service_.requesters_.set(*this);
    if (!stream.write(sent_)) stream.reset(StreamCode::none);
  }

  void on_data(Stream& stream, base::ByteView data) override {
    stream.consume(data.size());
    const auto rest = base::ByteView(sent_).subspan(received_);
    if (data.size() > rest.size() || !std::ranges::equal(data, rest.first(data.size()))) {
      return stream.reset(StreamCode::protocol_violation);
    }
    received_ += data.size();
    if (received_ < sent_.size()) return;
    unlink();
    connection_.record_rtt(service_.swarm_.shard().now() - sent_at_);
    stream.close_write();
  }
  void on_remote_close(Stream& stream) override { stream.close_write(); }
  void on_reset(Stream&, StreamCode) override { unlink(); }
  void on_deadline() override { stream_->reset(StreamCode::none); }

 private:
  Service& service_;
  Connection& connection_;
  Stream* stream_ = nullptr;
  std::array<std::uint8_t, kPayloadSize> sent_{};
  std::size_t received_ = 0;
  base::SteadyTime sent_at_;
};

Service::Service(Swarm& swarm)
    : swarm_(swarm),
      responders_(swarm.shard(), kResponderIdle),
      requesters_(swarm.shard(), kRequestTimeout) {
  swarm.protocols().add(
      std::string(kProtocol),
      [this](Stream& stream, std::string_view) {
        auto responder = std::make_unique<Responder>(*this, stream);
        responders_.set(*responder);
        return responder;
      },
      kMaxStreams);
}

void Service::measure(Connection& connection) {
  auto handler = std::make_unique<Requester>(*this, connection);
  Requester& requester = *handler;
  // The connection counts the streams that cannot be opened.
  static_cast<void>(connection.open_stream(
      {.protocols = kProtocols,
       .handler = std::move(handler),
       .on_negotiated = [&requester](Stream& stream, base::Result<std::string_view> agreed) {
         if (agreed) requester.begin(stream);
       }}));
}

}  // namespace mexport::libp2p::ping
