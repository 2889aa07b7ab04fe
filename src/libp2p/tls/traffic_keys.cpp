// SPDX-License-Identifier: MIT
#include "libp2p/tls/traffic_keys.hpp"

#include "crypto/hash.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mexport::libp2p::tls {
namespace {

constexpr std::string_view kLabelPrefix = "tls13 ";

/// HKDF-Expand-Label without a context (RFC 8446, section 7.1), for at most 32 bytes: one round of
/// HKDF-Expand.
void expand_label(const TrafficSecret& secret, std::string_view label, base::MutableByteView out) {
  const std::array<std::uint8_t, 3> sizes{
      0, static_cast<std::uint8_t>(out.size()),
      static_cast<std::uint8_t>(kLabelPrefix.size() + label.size())};
  static constexpr std::array<std::uint8_t, 2> kNoContextFirstRound{0, 1};
  const auto block = crypto::hmac_sha256(
      secret.view(),
      {sizes, base::as_bytes(kLabelPrefix), base::as_bytes(label), kNoContextFirstRound});
  std::ranges::copy(block.view().first(out.size()), out.begin());
}

std::size_t key_size(crypto::AeadCipher cipher) {
  return cipher == crypto::AeadCipher::aes_128_gcm ? 16 : 32;
}

}  // namespace

TrafficKeys::TrafficKeys(crypto::AeadCipher cipher, const TrafficSecret& secret)
    : secret_(secret), cipher_(cipher) {
  derive();
}

void TrafficKeys::derive() {
  expand_label(secret_, "key", key_.mutable_view().first(key_size(cipher_)));
  expand_label(secret_, "iv", iv_);
  number_ = 0;
}

void TrafficKeys::update() {
  TrafficSecret next;
  expand_label(secret_, "traffic upd", next.mutable_view());
  secret_ = next;
  derive();
}

crypto::AeadNonce TrafficKeys::nonce() const {
  auto nonce = iv_;
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(number_ >> (8 * i));
  }
  return nonce;
}

void TrafficKeys::seal(crypto::Aead& aead, base::ByteView header, base::ByteView plaintext,
                       base::MutableByteView out) {
  aead.seal(cipher_, key_, nonce(), header, plaintext, out);
  ++number_;
}

base::Status TrafficKeys::open(crypto::Aead& aead, base::ByteView header, base::ByteView ciphertext,
                               base::MutableByteView out) {
  auto status = aead.open(cipher_, key_, nonce(), header, ciphertext, out);
  if (status) ++number_;
  return status;
}

}  // namespace mexport::libp2p::tls
