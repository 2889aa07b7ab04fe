// SPDX-License-Identifier: MIT
#include "tests/abuse/secured_socket.hpp"

#include "libp2p/multistream/dialer.hpp"
#include "libp2p/multistream/token.hpp"
#include "libp2p/noise/handshake.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace mexport::abuse {
namespace {

namespace yamux = libp2p::yamux;

constexpr std::array kSecurity{std::string_view{"/noise"}};
constexpr std::chrono::seconds kPatience{30};

base::Bytes frame(const yamux::Header& header, base::ByteView payload = {}) {
  base::Bytes out;
  yamux::append_header(out, header);
  base::append(out, payload);
  return out;
}

base::Bytes must_receive(Socket& socket) {
  auto bytes = socket.receive(kPatience);
  if (bytes.empty()) throw std::runtime_error("the node does not answer the handshake");
  return bytes;
}

/// What came behind the answer.
base::Bytes negotiate_security(Socket& socket) {
  libp2p::multistream::Dialer dialer(kSecurity);
  base::Bytes out;
  dialer.start(out);
  socket.send(out);
  while (true) {
    const auto in = must_receive(socket);
    const auto progress = dialer.receive(in, out);
    if (!progress) throw std::runtime_error("no Noise: " + progress.error().message());
    if (progress->protocol) return base::to_bytes(base::ByteView(in).subspan(progress->consumed));
  }
}

}  // namespace

Identity Identity::create() {
  auto peer = libp2p::PeerIdentity::generate();
  if (!peer) throw std::runtime_error("no key");
  auto noise = libp2p::noise::StaticIdentity::create(*peer);
  if (!noise) throw std::runtime_error("no signature");
  return {std::move(*peer), std::move(*noise)};
}

base::Bytes window_update(std::uint16_t flags, std::uint32_t id, std::uint32_t delta) {
  return frame({yamux::FrameType::window_update, flags, id, delta});
}

base::Bytes data(std::uint32_t id, base::ByteView payload, std::uint16_t flags) {
  const auto size = static_cast<std::uint32_t>(payload.size());
  return frame({yamux::FrameType::data, flags, id, size}, payload);
}

base::Bytes data_header(std::uint32_t id, std::uint32_t length, std::uint16_t flags) {
  return frame({yamux::FrameType::data, flags, id, length});
}

base::Bytes ping(std::uint32_t value) {
  return frame({yamux::FrameType::ping, yamux::kSyn, 0, value});
}

base::Bytes proposal(std::string_view protocol) {
  base::Bytes out;
  libp2p::multistream::append_token(out, libp2p::multistream::kHeader);
  libp2p::multistream::append_token(out, protocol);
  return out;
}

base::Bytes open_stream(std::uint32_t id, std::string_view protocol, base::ByteView rest) {
  auto payload = proposal(protocol);
  base::append(payload, rest);
  return data(id, payload, yamux::kSyn);
}

SecuredSocket::SecuredSocket(Socket socket, const Identity& identity, crypto::Aead& aead)
    : socket_(std::move(socket)) {
  base::Bytes in = negotiate_security(socket_);
  libp2p::noise::Handshake handshake(libp2p::Direction::outbound, identity.noise, aead);
  base::Bytes out;
  if (!handshake.start(out)) throw std::runtime_error("no first message");
  while (!handshake.done()) {
    socket_.send(std::exchange(out, {}));
    if (in.empty()) in = must_receive(socket_);
    const auto taken = handshake.receive(in, out);
    if (!taken) throw std::runtime_error("handshake: " + taken.error().message());
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(*taken));
  }
  socket_.send(out);
  channel_ = handshake.take_result().channel;
  if (!in.empty()) static_cast<void>(channel_->receive(in, *this));
}

bool SecuredSocket::send(base::ByteView frames) {
  base::Bytes out;
  channel_->send(frames, out);
  return socket_.send(out);
}

std::optional<Frame> SecuredSocket::next_frame(std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (true) {
    if (auto frame = take_frame()) return frame;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (socket_.ended()) return std::nullopt;
    auto bytes = socket_.receive(std::max(left, std::chrono::milliseconds(0)));
    if (bytes.empty() && left.count() <= 0) return std::nullopt;
    if (!bytes.empty() && !channel_->receive(bytes, *this)) {
      throw std::runtime_error("what the node sends does not decrypt");
    }
  }
}

base::Status SecuredSocket::on_plaintext(base::ByteView plaintext) {
  plaintext_.erase(plaintext_.begin(), plaintext_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  base::append(plaintext_, plaintext);
  return {};
}

std::optional<Frame> SecuredSocket::take_frame() {
  const auto left = base::ByteView(plaintext_).subspan(taken_);
  if (left.size() < yamux::kHeaderSize) return std::nullopt;
  const auto header = yamux::decode(left.first<yamux::kHeaderSize>());
  if (!header) throw std::runtime_error("the node sends no yamux");
  const std::size_t size = header->type == yamux::FrameType::data ? header->length : 0;
  if (left.size() < yamux::kHeaderSize + size) return std::nullopt;
  taken_ += yamux::kHeaderSize + size;
  return Frame{.header = *header,
               .payload = base::to_bytes(left.subspan(yamux::kHeaderSize, size))};
}

}  // namespace mexport::abuse
