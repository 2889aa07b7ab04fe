// SPDX-License-Identifier: MIT
#include "libp2p/noise/handshake.hpp"

#include "libp2p/noise/channel.hpp"
#include "libp2p/noise/error.hpp"
#include "libp2p/noise/frame.hpp"
#include "libp2p/noise/payload.hpp"
#include "libp2p/peer_identity.hpp"
#include "wire/peer_id.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::noise {
namespace {

/// Lets `write` append one message to `out` and puts its length before it.
template <class Write>
base::Status write_frame(base::Bytes& out, Write write) {
  const auto start = out.size();
  out.resize(start + kLengthSize);
  auto status = write();
  if (!status) {
    out.resize(start);
    return status;
  }
  write_length(out.size() - start - kLengthSize, out.data() + start);
  return {};
}

}  // namespace

Handshake::Handshake(Direction direction, const StaticIdentity& identity, crypto::Aead& aead,
                     const multiformats::PeerId& expected)
    : identity_(identity), aead_(aead), expected_(expected), direction_(direction) {}

base::Status Handshake::start(base::Bytes& out) {
  if (direction_ == Direction::inbound) return {};
  pattern_.emplace(direction_, identity_.keys(), crypto::X25519KeyPair::generate(), aead_);
  step_ = Step::second;
  return write_frame(out, [&] { return pattern_->write_first({}, out); });
}

base::Result<std::size_t> Handshake::receive(base::ByteView in, base::Bytes& out) {
  std::size_t consumed = 0;
  const auto fill_to = [&](std::size_t size) {
    const auto taken = std::min(size - std::min(size, partial_.size()), in.size() - consumed);
    base::append(partial_, in.subspan(consumed, taken));
    consumed += taken;
    return partial_.size() >= size;
  };
  while (!done() && fill_to(kLengthSize)) {
    const auto length = read_length(partial_);
    if (length > kMaxHandshakeFrame) return base::fail(Error::frame_too_large);
    if (!fill_to(kLengthSize + length)) break;
    const auto frame = std::exchange(partial_, {});
    const auto status = on_message(base::ByteView(frame).subspan(kLengthSize), out);
    if (!status) return base::fail(status.error());
  }
  return consumed;
}

SecuredConnection Handshake::take_result() {
  const auto keys = pattern_->split();
  return {peer_, std::move(*key_), std::make_unique<Channel>(aead_, keys.sending, keys.receiving),
          muxer_};
}

base::Status Handshake::on_message(base::ByteView message, base::Bytes& out) {
  switch (step_) {
    case Step::first:
      return answer_first(message, out);
    case Step::second:
      return answer_second(message, out);
    default:
      return accept_third(message);
  }
}

base::Status Handshake::answer_first(base::ByteView message, base::Bytes& out) {
  pattern_.emplace(direction_, identity_.keys(), crypto::X25519KeyPair::generate(), aead_);
  // Its payload stands unencrypted and means nothing.
  const auto payload = pattern_->read_first(message);
  if (!payload) return base::fail(payload.error());
  step_ = Step::third;
  return write_frame(out, [&] { return pattern_->write_second(identity_.payload(), out); });
}

base::Status Handshake::answer_second(base::ByteView message, base::Bytes& out) {
  const auto payload = pattern_->read_second(message);
  if (!payload) return base::fail(payload.error());
  if (auto status = accept_payload(*payload); !status) return status;
  step_ = Step::done;
  return write_frame(out, [&] { return pattern_->write_third(identity_.payload(), out); });
}

base::Status Handshake::accept_third(base::ByteView message) {
  const auto payload = pattern_->read_third(message);
  if (!payload) return base::fail(payload.error());
  if (auto status = accept_payload(*payload); !status) return status;
  step_ = Step::done;
  return {};
}

base::Status Handshake::accept_payload(base::ByteView bytes) {
  const auto payload = decode_payload(bytes);
  if (!payload) return base::fail(payload.error());
  auto key = crypto::PublicKey::from_protobuf(payload->identity_key);
  if (!key) return base::fail(Error::bad_identity);
  peer_ = wire::peer_id_of(*key);
  if (!expected_.empty() && peer_ != expected_) return base::fail(Error::peer_mismatch);
  if (!key->verify(signed_text(pattern_->remote_static()), payload->identity_signature)) {
    return base::fail(Error::bad_signature);
  }
  key_ = std::move(*key);
  choose_muxer(payload->muxers);
  return {};
}

/// The first of the initiator's list that the responder has too; none is no error, multistream
/// chooses then (go-libp2p: p2p/security/noise/transport.go).
void Handshake::choose_muxer(std::span<const std::string_view> offered) {
  const auto ours = identity_.muxers();
  const auto has = [](const auto& list, std::string_view muxer) {
    return std::find(list.begin(), list.end(), muxer);
  };
  if (direction_ == Direction::outbound) {
    const auto found = std::ranges::find_if(
        ours, [&](const auto& muxer) { return has(offered, muxer) != offered.end(); });
    if (found != ours.end()) muxer_ = *found;
    return;
  }
  for (const auto muxer : offered) {
    if (const auto found = has(ours, muxer); found != ours.end()) {
      muxer_ = *found;
      return;
    }
  }
}

}  // namespace mexport::libp2p::noise
