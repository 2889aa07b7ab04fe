// SPDX-License-Identifier: MIT
#include "libp2p/tls/handshake.hpp"

#include "libp2p/tls/error.hpp"
#include "libp2p/tls/record.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace mexport::libp2p::tls {
namespace {

constexpr std::string_view kClientLabel = "CLIENT_TRAFFIC_SECRET_0 ";
constexpr std::string_view kServerLabel = "SERVER_TRAFFIC_SECRET_0 ";
constexpr std::uint8_t kClientHello = 1;
constexpr std::size_t kMessageHeader = 4;

/// The secret at the end of a line of the key log.
std::optional<TrafficSecret> read_secret(std::string_view line) {
  base::Bytes bytes;
  TrafficSecret secret;
  const bool good = base::from_hex(line.substr(line.rfind(' ') + 1), bytes) &&
                    bytes.size() == TrafficSecret::size();
  if (good) std::ranges::copy(bytes, secret.mutable_view().begin());
  crypto::wipe(bytes);
  return good ? std::optional(secret) : std::nullopt;
}

}  // namespace

Handshake::Handshake(Direction direction, const Context& context, crypto::Aead& aead,
                     const multiformats::PeerId& expected)
    : context_(context), aead_(aead), expected_(expected), direction_(direction) {}

base::Status Handshake::start(base::Bytes& out) {
  if (direction_ == Direction::inbound) return {};
  if (auto status = begin_session(); !status) return status;
  return proceed(out);
}

base::Result<std::size_t> Handshake::receive(base::ByteView in, base::Bytes& out) {
  std::size_t consumed = 0;
  const auto fill_to = [&](std::size_t size) {
    const auto taken = std::min(size - std::min(size, partial_.size()), in.size() - consumed);
    base::append(partial_, in.subspan(consumed, taken));
    consumed += taken;
    return partial_.size() >= size;
  };
  while (!done_ && fill_to(kRecordHeader)) {
    if (const auto status = check_record(); !status) return base::fail(status.error());
    if (!fill_to(kRecordHeader + fragment_size(partial_))) break;
    const auto record = std::exchange(partial_, {});
    received_ += record.size();
    const auto status = on_record(record, out);
    if (!status) return base::fail(status.error());
  }
  return consumed;
}

/// Looks at the header of the record that has begun.
base::Status Handshake::check_record() const {
  const auto type = record_type(partial_);
  if (type < RecordType::change_cipher_spec || type > RecordType::application_data ||
      partial_[1] != kVersionMajor) {
    return base::fail(Error::bad_record);
  }
  const auto size = kRecordHeader + fragment_size(partial_);
  if (received_ + size > kMaxHandshakeBytes) return base::fail(Error::handshake_too_large);
  return {};
}

base::Status Handshake::on_record(base::ByteView record, base::Bytes& out) {
  if (!session_) {
    // A listener's first: the library would make room for as much as a hello says that it has.
    const auto fragment = record.subspan(kRecordHeader);
    if (record_type(record) != RecordType::handshake || fragment.size() < kMessageHeader ||
        fragment[0] != kClientHello) {
      return base::fail(Error::bad_record);
    }
    const auto length =
        std::size_t{fragment[1]} << 16 | std::size_t{fragment[2]} << 8 | fragment[3];
    if (length > kMaxHandshakeBytes) return base::fail(Error::handshake_too_large);
    if (auto status = begin_session(); !status) return status;
  }
  io_.in = record;
  return proceed(out);
}

base::Status Handshake::begin_session() {
  session_ = context_.new_session(io_);
  if (!session_) {
    ERR_clear_error();
    return base::fail(Error::handshake_failed);
  }
  Context::Events& events = *this;
  SSL_set_app_data(session_.get(), &events);
  if (direction_ == Direction::outbound) {
    SSL_set_connect_state(session_.get());
  } else {
    SSL_set_accept_state(session_.get());
  }
  return {};
}

base::Status Handshake::proceed(base::Bytes& out) {
  io_.out = &out;
  ERR_clear_error();
  const auto result = SSL_do_handshake(session_.get());
  io_.out = nullptr;
  if (result == 1) return conclude();
  const bool waiting = SSL_get_error(session_.get(), result) == SSL_ERROR_WANT_READ;
  const auto error = failure();
  ERR_clear_error();
  // What it does not read is either wrong or too much.
  if (waiting && io_.in.empty()) return {};
  return base::fail(error);
}

/// Why the library has given up.
std::error_code Handshake::failure() const {
  if (verification_) return verification_;
  const auto reason = ERR_GET_REASON(ERR_peek_error());
  if (reason >= SSL_AD_REASON_OFFSET && ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SSL) {
    return Error::alert;
  }
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return Error::certificate_count;
  return Error::handshake_failed;
}

/// Takes from the library what the channel needs, and ends the library's part.
base::Status Handshake::conclude() {
  const auto suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(session_.get()));
  const bool known = suite == (TLS1_3_CK_AES_128_GCM_SHA256 & 0xffff) ||
                     suite == (TLS1_3_CK_CHACHA20_POLY1305_SHA256 & 0xffff);
  if (!known || !peer_ || !client_secret_ || !server_secret_ || !io_.in.empty()) {
    return base::fail(Error::handshake_failed);
  }
  cipher_ = suite == (TLS1_3_CK_AES_128_GCM_SHA256 & 0xffff)
                ? crypto::AeadCipher::aes_128_gcm
                : crypto::AeadCipher::chacha20_poly1305;
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_.get(), &name, &size);
  muxer_ = context_.muxer_called(base::as_text({name, size}));
  session_.reset();
  done_ = true;
  return {};
}

SecuredConnection Handshake::take_result() {
  const bool client = direction_ == Direction::outbound;
  const ChannelKeys keys{.cipher = cipher_,
                         .sending = client ? *client_secret_ : *server_secret_,
                         .receiving = client ? *server_secret_ : *client_secret_};
  return {peer_->peer, std::move(peer_->key), std::make_unique<Channel>(aead_, direction_, keys),
          muxer_};
}

bool Handshake::on_certificates(std::span<const base::ByteView> certificates) {
  auto verified = verify_peer(certificates, context_.clock().wall_now(), expected_);
  if (!verified) {
    verification_ = verified.error();
    return false;
  }
  peer_ = std::move(*verified);
  return true;
}

void Handshake::on_secret(std::string_view line) {
  if (line.starts_with(kClientLabel)) client_secret_ = read_secret(line);
  if (line.starts_with(kServerLabel)) server_secret_ = read_secret(line);
}

}  // namespace mexport::libp2p::tls
