// SPDX-License-Identifier: MIT
#include "libp2p/upgrade.hpp"

#include "libp2p/security_fault.hpp"

#include <array>
#include <utility>

namespace mexport::libp2p {
namespace {

constexpr std::array<std::string_view, 1> kMuxers{kYamuxProtocol};

}  // namespace

Upgrade::Upgrade(const Context& context, UpgradeOwner& owner, RawConnectionPtr raw,
                 Direction direction, const multiformats::PeerId& expected)
    : context_(context),
      owner_(owner),
      raw_(std::move(raw)),
      expected_(expected),
      direction_(direction),
      started_at_(context.shard.now()),
      timer_([](void* self) { static_cast<Upgrade*>(self)->on_timer(); }, this) {}

Upgrade::~Upgrade() = default;

void Upgrade::start() {
  context_.shard.timers().arm(timer_, started_at_ + context_.options.first_bytes);
  start_negotiation(context_.security.proposals(), out_);
  send();
  raw_->start(*this);
}

void Upgrade::start_negotiation(std::span<const std::string_view> proposals, base::Bytes& out) {
  if (direction_ == Direction::outbound) {
    dialer_.emplace(proposals).start(out);
  } else {
    listener_ = {};
    multistream::Listener::start(out);
  }
}

void Upgrade::fail(UpgradeFailure failure) {
  if (stage_ == Stage::done) return;
  remember_refusal(failure);
  cancel();
  owner_.on_upgrade_done(*this, std::unexpected(failure));
}

void Upgrade::cancel() {
  stage_ = Stage::done;
  timer_.disarm();
  raw_->abort();
}

void Upgrade::on_bytes(base::MutableByteView bytes) {
  if (stage_ == Stage::done) return;
  bytes_in_ += bytes.size();
  if (!std::exchange(heard_, true)) {
    context_.shard.timers().arm(timer_, started_at_ + context_.options.total);
  }
  while (!bytes.empty() && stage_ != Stage::done && !muxer_agreed_) {
    if (const auto status = advance(bytes); !status) {
      send();
      return fail(failure_of(status.error()));
    }
  }
  send();
  if (muxer_agreed_) complete(bytes);
}

void Upgrade::on_closed(std::error_code) {
  fail(UpgradeFailure::closed);
}

void Upgrade::on_timer() {
  fail(heard_ ? UpgradeFailure::timeout : UpgradeFailure::first_bytes_timeout);
}

/// Takes something off the front of `in`.
base::Status Upgrade::advance(base::MutableByteView& in) {
  switch (stage_) {
    case Stage::security:
      return negotiate_security(in);
    case Stage::handshake:
      return shake_hands(in);
    default:
      return secured_->channel->receive(std::exchange(in, {}), *this);
  }
}

base::Result<multistream::Progress> Upgrade::negotiate(base::ByteView in, base::Bytes& out,
                                                       const multistream::KnownProtocol& known) {
  return dialer_ ? dialer_->receive(in, out) : listener_.receive(in, out, known);
}

base::Status Upgrade::negotiate_security(base::MutableByteView& in) {
  const auto progress = negotiate(in, out_, [this](std::string_view id) { return takes(id); });
  if (!progress) return base::fail(progress.error());
  in = in.subspan(progress->consumed);
  if (!progress->protocol) return {};
  security_ = context_.security.find(*progress->protocol);
  handshake_ = context_.security.start(*security_, direction_, expected_);
  stage_ = Stage::handshake;
  return handshake_->start(out_);
}

/// A listener's answer to a proposal.
bool Upgrade::takes(std::string_view security_id) {
  const auto protocol = context_.security.find(security_id);
  if (!protocol) return false;
  const auto put_off =
      context_.security.puts_off(*protocol, raw_->remote().ip(), context_.shard.now());
  put_off_ = put_off_ || put_off;
  return !put_off;
}

/// A peer that goes away when it is put off has nothing else.
void Upgrade::remember_refusal(UpgradeFailure failure) {
  const bool ours = failure == UpgradeFailure::supplanted || failure == UpgradeFailure::stopped;
  if (!put_off_ || ours || stage_ != Stage::security) return;
  if (const auto ip = raw_->remote().ip()) context_.security.remember(*ip, context_.shard.now());
}

base::Status Upgrade::shake_hands(base::MutableByteView& in) {
  const auto taken = handshake_->receive(in, out_);
  if (!taken) return base::fail(taken.error());
  in = in.subspan(*taken);
  if (!handshake_->done()) return {};
  secured_ = std::make_unique<SecuredConnection>(handshake_->take_result());
  handshake_.reset();
  if (secured_->peer == context_.local_peer)
    return base::fail(std::make_error_code(std::errc::already_connected));
  muxer_agreed_ = secured_->early_muxer == kYamuxProtocol;
  if (!muxer_agreed_) begin_muxer_negotiation();
  return {};
}

void Upgrade::begin_muxer_negotiation() {
  stage_ = Stage::muxer;
  base::Bytes tokens;
  start_negotiation(kMuxers, tokens);
  secured_->channel->send(tokens, out_);
}

base::Status Upgrade::on_plaintext(base::ByteView plaintext) {
  if (!muxer_agreed_) {
    base::Bytes tokens;
    const auto progress =
        negotiate(plaintext, tokens, [](std::string_view id) { return id == kYamuxProtocol; });
    if (!progress) return base::fail(progress.error());
    secured_->channel->send(tokens, out_);
    muxer_agreed_ = progress->protocol.has_value();
    plaintext = plaintext.subspan(progress->consumed);
  }
  base::append(plaintext_, plaintext);
  return {};
}

UpgradeFailure Upgrade::failure_of(std::error_code error) const {
  // A socket that dials the very address that it is bound to meets itself.
  if (raw_->local() == raw_->remote()) return UpgradeFailure::dialled_self;
  if (secured_ && secured_->peer == context_.local_peer) return UpgradeFailure::dialled_self;
  if (error == SecurityFault::peer_mismatch) return UpgradeFailure::peer_mismatch;
  if (error == SecurityFault::bad_identity) return UpgradeFailure::bad_identity;
  if (stage_ == Stage::security) return UpgradeFailure::security_negotiation;
  return stage_ == Stage::handshake ? UpgradeFailure::handshake : UpgradeFailure::muxer_negotiation;
}

void Upgrade::send() {
  if (out_.empty()) return;
  bytes_out_ += out_.size();
  raw_->write(out_);
  out_.clear();
}

void Upgrade::complete(base::ByteView rest) {
  stage_ = Stage::done;
  timer_.disarm();
  owner_.on_upgrade_done(*this, Upgraded{.raw = std::move(raw_),
                                         .direction = direction_,
                                         .security = *security_,
                                         .secured = std::move(*secured_),
                                         .bytes_in = bytes_in_,
                                         .bytes_out = bytes_out_,
                                         .plaintext = std::move(plaintext_),
                                         .ciphertext = base::to_bytes(rest)});
}

}  // namespace mexport::libp2p
