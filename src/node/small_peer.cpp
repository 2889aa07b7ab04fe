// SPDX-License-Identifier: MIT
#include "node/small_peer.hpp"

#include "wire/bitswap.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace mexport::node {

namespace {

constexpr std::array kProtocols{std::string_view{"/ipfs/bitswap/1.2.0"}};

}  // namespace

/// The stream on which wantlists leave; the target says nothing on it.
class SmallPeer::WantStream final : public libp2p::StreamHandler {
 public:
  explicit WantStream(SmallPeer& peer) : peer_(peer) {}
  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream&) override {}
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override { peer_.stream_ = nullptr; }

 private:
  SmallPeer& peer_;
};

/// A stream on which the target answers.
class SmallPeer::AnswerStream final : public libp2p::StreamHandler {
 public:
  explicit AnswerStream(SmallPeer& peer) : peer_(peer) {}
  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    peer_.answered_bytes_ += data.size();
    stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream& stream) override { stream.close_write(); }
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override {}

 private:
  SmallPeer& peer_;
};

base::Result<std::unique_ptr<SmallPeer>> SmallPeer::create(Parts parts,
                                                           libp2p::SwarmOptions options) {
  auto identity = libp2p::PeerIdentity::generate();
  if (!identity) return base::fail(identity.error());
  auto shared = libp2p::NodeSecurity::create(*identity, parts.clock);
  if (!shared) return base::fail(shared.error());
  return std::unique_ptr<SmallPeer>(new SmallPeer(std::move(parts), std::move(*identity),
                                                  std::move(*shared), std::move(options)));
}

SmallPeer::SmallPeer(Parts parts, libp2p::PeerIdentity identity, libp2p::NodeSecurity security,
                     libp2p::SwarmOptions options)
    : identity_(std::move(identity)),
      security_(std::move(security)),
      transport_(parts.shard, nullptr),
      swarm_({.shard = parts.shard,
              .identity = identity_,
              .security = security_,
              .directory = directory_,
              .ids = parts.connection_ids,
              .clock = parts.clock,
              .events = *this,
              .log = parts.log},
             std::move(options)) {
  swarm_.add_transport(transport_);
  for (const auto protocol : {wire::BitswapProtocol::v1_2_0, wire::BitswapProtocol::v1_1_0,
                              wire::BitswapProtocol::v1_0_0, wire::BitswapProtocol::unversioned}) {
    swarm_.protocols().add(std::string(wire::to_string(protocol)),
                           [this](libp2p::Stream&, std::string_view) {
                             return std::make_unique<AnswerStream>(*this);
                           });
  }
}

SmallPeer::~SmallPeer() = default;

void SmallPeer::keep_connected(const KnownPeer& target) {
  swarm_.keep_connected(target.id, target.addresses);
}

void SmallPeer::on_identified(libp2p::Connection& connection, libp2p::IdentifyResult) {
  connection_ = &connection;
}

void SmallPeer::on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo&) {
  if (connection_ == &connection) connection_ = nullptr;
}

bool SmallPeer::open_stream() {
  if (!connection_->speaks(kProtocols.front())) return false;
  libp2p::OpenStreamOptions options;
  options.protocols = kProtocols;
  options.handler = std::make_unique<WantStream>(*this);
  options.form = libp2p::multistream::Form::lazy;
  options.on_negotiated = [this](libp2p::Stream&, base::Result<std::string_view> agreed) {
    if (!agreed) stream_ = nullptr;
  };
  auto stream = connection_->open_stream(std::move(options));
  if (stream) stream_ = *stream;
  return stream.has_value();
}

bool SmallPeer::send(base::ByteView frame) {
  if (connection_ == nullptr || (stream_ == nullptr && !open_stream())) return false;
  return stream_->write(frame).has_value();
}

}  // namespace mexport::node
