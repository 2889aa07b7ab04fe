// SPDX-License-Identifier: MIT
#include "libp2p/tls/channel.hpp"

#include "libp2p/tls/error.hpp"

#include <algorithm>
#include <array>

namespace mexport::libp2p::tls {
namespace {

constexpr std::uint8_t kWarning = 1;
constexpr std::uint8_t kCloseNotify = 0;
constexpr std::uint8_t kUserCanceled = 90;

/// KeyUpdate with update_not_requested: type, length, value.
constexpr std::array<std::uint8_t, 5> kKeyUpdate{24, 0, 0, 1, 0};

/// Content, type of the content, padding of zeros; the content may not be larger than a record's.
constexpr std::size_t kMaxInnerPlaintext = kMaxRecordPlaintext + 1;

base::Status on_alert(base::ByteView content) {
  if (content.size() != 2) return base::fail(Error::bad_record);
  if (content[1] == kUserCanceled) return {};  // close_notify follows
  return base::fail(content[1] == kCloseNotify ? Error::closed : Error::alert);
}

}  // namespace

base::Result<std::size_t> Channel::RecordFormat::frame_size(base::ByteView header) {
  // All that may stand in the clear is over: change_cipher_spec is a relic of the handshake.
  if (record_type(header) != RecordType::application_data || header[1] != kVersionMajor) {
    return base::fail(Error::bad_record);
  }
  const auto fragment = fragment_size(header);
  if (fragment > kMaxRecordFragment) return base::fail(Error::record_too_large);
  return kRecordHeader + fragment;
}

Channel::Channel(crypto::Aead& aead, Direction direction, const ChannelKeys& keys)
    : aead_(aead),
      sending_(keys.cipher, keys.sending),
      receiving_(keys.cipher, keys.receiving),
      late_(direction) {}

base::Status Channel::receive(base::MutableByteView ciphertext, PlaintextSink& sink) {
  return records_.feed(ciphertext,
                       [&](base::MutableByteView record) { return open_record(record, sink); });
}

base::Status Channel::open_record(base::MutableByteView record, PlaintextSink& sink) {
  const auto fragment = record.subspan(kRecordHeader);
  if (auto status = receiving_.open(aead_, record.first(kRecordHeader), fragment, fragment);
      !status) {
    return status;
  }
  auto inner = fragment.first(fragment.size() - crypto::kAeadTagSize);
  if (inner.size() > kMaxInnerPlaintext) return base::fail(Error::record_too_large);
  while (!inner.empty() && inner.back() == 0) inner = inner.first(inner.size() - 1);
  if (inner.empty()) return base::fail(Error::bad_record);
  const auto type = static_cast<RecordType>(inner.back());
  return on_content(type, inner.first(inner.size() - 1), sink);
}

base::Status Channel::on_content(RecordType type, base::ByteView content, PlaintextSink& sink) {
  if (type != RecordType::handshake && late_.in_message()) {
    return base::fail(Error::unexpected_message);
  }
  if (type == RecordType::application_data && !content.empty()) {
    useless_ = 0;
    return sink.on_plaintext(content);
  }
  if (++useless_ > kMaxUselessRecords) return base::fail(Error::useless_records);
  switch (type) {
    case RecordType::application_data:
      return {};
    case RecordType::alert:
      return on_alert(content);
    case RecordType::handshake:
      return on_handshake(content);
    default:
      return base::fail(Error::bad_record);
  }
}

base::Status Channel::on_handshake(base::ByteView content) {
  if (content.empty()) return base::fail(Error::bad_record);
  const auto update = late_.receive(content);
  if (!update) return base::fail(update.error());
  if (*update == LateMessages::Update::none) return {};
  receiving_.update();
  // Ours is due before our next data, however many have been asked for (RFC 8446, section 4.6.3).
  if (*update == LateMessages::Update::requested) update_due_ = true;
  return {};
}

void Channel::send(base::ByteView plaintext, base::Bytes& out) {
  while (!plaintext.empty()) {
    if (update_due_ || sending_.records() >= kMaxRecordsPerKey) update_sending_keys(out);
    const auto size = std::min(plaintext.size(), kMaxRecordPlaintext);
    write_record(RecordType::application_data, plaintext.first(size), out);
    plaintext = plaintext.subspan(size);
  }
}

void Channel::close(base::Bytes& out) {
  static constexpr std::array<std::uint8_t, 2> kAlert{kWarning, kCloseNotify};
  write_record(RecordType::alert, kAlert, out);
}

void Channel::update_sending_keys(base::Bytes& out) {
  write_record(RecordType::handshake, kKeyUpdate, out);
  sending_.update();
  update_due_ = false;
}

void Channel::write_record(RecordType type, base::ByteView content, base::Bytes& out) {
  const auto start = out.size();
  const auto fragment = content.size() + 1 + crypto::kAeadTagSize;
  out.resize(start + kRecordHeader + fragment);
  const base::MutableByteView record = base::MutableByteView(out).subspan(start);
  write_record_header(RecordType::application_data, fragment, record.data());
  const auto body = record.subspan(kRecordHeader);
  std::ranges::copy(content, body.begin());
  body[content.size()] = static_cast<std::uint8_t>(type);
  sending_.seal(aead_, record.first(kRecordHeader), body.first(content.size() + 1), body);
}

}  // namespace mexport::libp2p::tls
