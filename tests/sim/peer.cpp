// SPDX-License-Identifier: MIT
#include "tests/sim/peer.hpp"

#include "tests/sim/identity.hpp"
#include "tests/sim/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mexport::sim {
namespace {

/// In the order of wire::BitswapProtocol.
constexpr std::array kProtocols{
    std::string_view{"/ipfs/bitswap/1.2.0"}, std::string_view{"/ipfs/bitswap/1.1.0"},
    std::string_view{"/ipfs/bitswap/1.0.0"}, std::string_view{"/ipfs/bitswap"}};
constexpr std::array kAgents{"kubo/0.43.0/", "go-ipfs/0.8.0/ce693d7", "helia/5.0.0", "storm"};

libp2p::SwarmOptions swarm_options(const PeerOptions& peer, base::Random& random) {
  libp2p::SwarmOptions options;
  options.security.protocols = peer.security;
  options.agent_version = kAgents[random.below(kAgents.size())];
  return options;
}

}  // namespace

/// The monitor says nothing on it.
class SimPeer::WantStream final : public libp2p::StreamHandler {
 public:
  WantStream(SimPeer& peer, std::shared_ptr<Out> out) : peer_(peer), out_(std::move(out)) {}
  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream&) override {}
  void on_reset(libp2p::Stream& stream, libp2p::StreamCode) override {
    peer_.on_stream_lost(stream, out_);
  }

 private:
  SimPeer& peer_;
  std::shared_ptr<Out> out_;
};

/// A stream on which the monitor answers.
class SimPeer::AnswerStream final : public libp2p::StreamHandler {
 public:
  AnswerStream(const SimPeer& peer)
      : reads_(peer.options_.reads_answers), check_(peer.parts_.held, peer.parts_.truth) {}
  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    check_.take(data);
    if (reads_) stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream& stream) override {
    check_.end();
    if (reads_) stream.close_write();
  }
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override {}

 private:
  bool reads_;
  ReplyCheck check_;
};

SimPeer::SimPeer(Parts parts, PeerOptions options, std::uint64_t seed)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      random_(seed),
      identity_(identity_of(options_.identity)),
      security_(libp2p::NodeSecurity::create(identity_, parts_.clock).value()),
      transport_(parts_.network, parts_.shard, {options_.host}) {
  parts_.shard.run([this] {
    swarm_ = std::make_unique<libp2p::Swarm>(libp2p::SwarmParts{.shard = parts_.shard,
                                                                .identity = identity_,
                                                                .security = security_,
                                                                .directory = directory_,
                                                                .ids = ids_,
                                                                .clock = parts_.clock,
                                                                .events = *this,
                                                                .log = {}},
                                             swarm_options(options_, random_));
    swarm_->add_transport(transport_);
    for (const auto protocol : kProtocols) {
      swarm_->protocols().add(std::string(protocol), [this](libp2p::Stream&, std::string_view) {
        return std::make_unique<AnswerStream>(*this);
      });
    }
  });
  parts_.shard.add_observer(*this);
}

SimPeer::~SimPeer() {
  *alive_ = false;
  parts_.shard.remove_observer(*this);
  parts_.shard.run([this] { swarm_.reset(); });
}

void SimPeer::join() {
  if (!options_.listen) return dial();
  parts_.network.listen(*options_.listen, [this] {
    return SimNetwork::Target{&parts_.shard, [this, alive = alive_](libp2p::RawConnectionPtr raw) {
                                if (*alive) swarm_->accept(std::move(raw));
                              }};
  });
}

void SimPeer::leave() {
  left_ = true;
  if (options_.listen) parts_.network.silence(*options_.listen);
  parts_.shard.run([this] { swarm_->stop(); });
}

void SimPeer::later(void (SimPeer::*what)(), bool& waiting) {
  if (std::exchange(waiting, true)) return;
  const auto mean = static_cast<std::uint64_t>(options_.mean_pause.count());
  const auto pause = std::chrono::milliseconds(1 + random_.below(2 * mean));
  parts_.shard.at(parts_.shard.now() + pause, [this, what, &waiting, alive = alive_] {
    if (!*alive || left_) return;
    waiting = false;
    (this->*what)();
  });
}

void SimPeer::dial() {
  const auto& monitor = parts_.monitor;
  swarm_->dial(monitor.id, monitor.addresses, [this](base::Result<libp2p::Connection*> result) {
    if (!result && !left_) later(&SimPeer::dial, will_dial_);
  });
}

void SimPeer::on_identified(libp2p::Connection& connection, libp2p::IdentifyResult result) {
  if (connection_ != nullptr || result.cause == libp2p::IdentifyCause::failed) return;
  const auto socket = parts_.network.find(connection.info().local, connection.info().remote);
  if (!socket) return;
  connection_ = &connection;
  way_ = socket->out();
  later(&SimPeer::act, will_act_);
}

void SimPeer::on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo&) {
  if (connection_ == &connection) connection_ = nullptr;
  if (connection_ == nullptr && !left_ && !options_.listen) later(&SimPeer::dial, will_dial_);
}

void SimPeer::on_wakeup_end() {
  for (const auto& out : streams_) {
    if (out->unflushed.empty() || out->stream->pending_write() > 0) continue;
    for (const auto number : std::exchange(out->unflushed, {})) {
      auto& sent = parts_.truth.message(number);
      sent.way = way_;
      sent.end = way_->written;
    }
  }
}

void SimPeer::act() {
  if (connection_ == nullptr || connection_->closing()) return;
  const auto draw = random_.below(1000);
  if (draw < 880) {
    send();
  } else if (draw < 930) {
    end_stream();
  } else if (draw < 950) {
    announce();
  } else if (draw < 960) {
    swarm_->ping(*connection_);
  } else if (draw < 970) {
    return connection_->close(libp2p::ConnectionCode::none);
  }
  later(&SimPeer::act, will_act_);
}

SimPeer::Out* SimPeer::open_stream() {
  auto protocol = kProtocols.begin() + static_cast<std::size_t>(options_.protocol);
  auto out = std::make_shared<Out>();
  libp2p::OpenStreamOptions options;
  options.protocols = {protocol, 1};
  options.handler = std::make_unique<WantStream>(*this, out);
  options.form = connection_->speaks(*protocol) ? libp2p::multistream::Form::lazy
                                                : libp2p::multistream::Form::waiting;
  if (options.form != libp2p::multistream::Form::lazy) return nullptr;
  options.on_negotiated = [this, out](libp2p::Stream& lost,
                                      base::Result<std::string_view> protocol_agreed) {
    if (!protocol_agreed) on_stream_lost(lost, out);
  };
  const auto stream = connection_->open_stream(std::move(options));
  if (!stream) return nullptr;
  out->stream = *stream;
  out->number = parts_.truth.add_stream(
      {.peer = identity_.peer_id(),
       .tls_only = options_.security == std::vector{libp2p::SecurityProtocol::tls},
       .excluded = options_.excluded});
  streams_.push_back(out);
  return out.get();
}

void SimPeer::on_stream_lost(libp2p::Stream& stream, const std::shared_ptr<Out>& out) {
  if (!stream.connection().closing()) parts_.truth.stream(out->number).refused = true;
  std::erase(streams_, out);
}

void SimPeer::send() {
  const bool open =
      streams_.empty() || (streams_.size() < options_.streams && random_.below(4) == 0);
  Out* out = open ? open_stream() : streams_[random_.below(streams_.size())].get();
  if (out == nullptr) return;
  const auto number = parts_.truth.add_message(out->number);
  const auto frame = make_message(random_, number, options_.protocol,
                                  random_.below(1000) < options_.big_messages, parts_.held);
  if (out->stream->write(frame)) {
    out->unflushed.push_back(number);
  } else {
    parts_.truth.take_back_message();
  }
}

void SimPeer::end_stream() {
  if (streams_.empty()) return;
  const auto at = static_cast<std::ptrdiff_t>(random_.below(streams_.size()));
  const auto out = streams_[static_cast<std::size_t>(at)];
  // What has not left yet goes with a reset, and a closed stream's last words are not waited for.
  streams_.erase(streams_.begin() + at);
  if (random_.below(2) == 0) return out->stream->reset(libp2p::StreamCode::none);
  out->stream->close_write();
}

void SimPeer::announce() {
  swarm_->set_announced_addresses(
      {multiformats::Multiaddr::from_string(
           fmt::format("{}/tcp/{}", options_.host, 4001 + random_.below(1000)))
           .value()});
}

}  // namespace mexport::sim
