// SPDX-License-Identifier: MIT
#include "libp2p/noise/xx_pattern.hpp"

#include "libp2p/noise/error.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::noise {

XxPattern::XxPattern(Direction direction, const crypto::X25519KeyPair& static_keys,
                     crypto::X25519KeyPair ephemeral_keys, crypto::Aead& aead)
    : state_(aead),
      static_(static_keys),
      ephemeral_(std::move(ephemeral_keys)),
      direction_(direction) {}

base::Status XxPattern::write_first(base::ByteView payload, base::Bytes& out) {
  write_ephemeral(out);
  state_.encrypt_and_hash(payload, out);
  return {};
}

base::Result<base::Bytes> XxPattern::read_first(base::ByteView message) {
  if (auto status = read_ephemeral(message); !status) return base::fail(status.error());
  return state_.decrypt_and_hash(message);
}

base::Status XxPattern::write_second(base::ByteView payload, base::Bytes& out) {
  write_ephemeral(out);
  if (auto status = mix_shared(ephemeral_, remote_ephemeral_); !status) return status;
  state_.encrypt_and_hash(static_.public_key(), out);
  if (auto status = mix_shared(static_, remote_ephemeral_); !status) return status;
  state_.encrypt_and_hash(payload, out);
  return {};
}

base::Result<base::Bytes> XxPattern::read_second(base::ByteView message) {
  auto status = read_ephemeral(message);
  if (status) status = mix_shared(ephemeral_, remote_ephemeral_);
  if (status) status = read_static(message);
  if (status) status = mix_shared(ephemeral_, remote_static_);
  if (!status) return base::fail(status.error());
  return state_.decrypt_and_hash(message);
}

base::Status XxPattern::write_third(base::ByteView payload, base::Bytes& out) {
  state_.encrypt_and_hash(static_.public_key(), out);
  if (auto status = mix_shared(static_, remote_ephemeral_); !status) return status;
  state_.encrypt_and_hash(payload, out);
  return {};
}

base::Result<base::Bytes> XxPattern::read_third(base::ByteView message) {
  auto status = read_static(message);
  if (status) status = mix_shared(ephemeral_, remote_static_);
  if (!status) return base::fail(status.error());
  return state_.decrypt_and_hash(message);
}

XxPattern::Keys XxPattern::split() const {
  const auto [of_initiator, of_responder] = state_.split();
  if (direction_ == Direction::outbound) return {of_initiator, of_responder};
  return {of_responder, of_initiator};
}

void XxPattern::write_ephemeral(base::Bytes& out) {
  base::append(out, ephemeral_.public_key());
  state_.mix_hash(ephemeral_.public_key());
}

base::Status XxPattern::read_ephemeral(base::ByteView& message) {
  if (message.size() < remote_ephemeral_.size()) return base::fail(Error::frame_too_small);
  std::copy_n(message.begin(), remote_ephemeral_.size(), remote_ephemeral_.begin());
  message = message.subspan(remote_ephemeral_.size());
  state_.mix_hash(remote_ephemeral_);
  return {};
}

base::Status XxPattern::read_static(base::ByteView& message) {
  const auto size = remote_static_.size() + state_.overhead();
  if (message.size() < size) return base::fail(Error::frame_too_small);
  const auto plaintext = state_.decrypt_and_hash(message.first(size));
  if (!plaintext) return base::fail(plaintext.error());
  std::copy(plaintext->begin(), plaintext->end(), remote_static_.begin());
  message = message.subspan(size);
  return {};
}

base::Status XxPattern::mix_shared(const crypto::X25519KeyPair& ours,
                                   const crypto::X25519PublicKey& theirs) {
  const auto shared = ours.derive(theirs);
  if (!shared) return base::fail(shared.error());
  state_.mix_key(shared->view());
  return {};
}

}  // namespace mexport::libp2p::noise
