// SPDX-License-Identifier: MIT
#include "libp2p/noise/symmetric_state.hpp"

#include <algorithm>
#include <string_view>

namespace mexport::libp2p::noise {
namespace {

// As long as a hash, and so the first hash itself.
constexpr std::string_view kName = "Noise_XX_25519_ChaChaPoly_SHA256";
static_assert(kName.size() == std::tuple_size_v<crypto::Sha256Digest>);

}  // namespace

SymmetricState::SymmetricState(crypto::Aead& aead) : aead_(aead) {
  std::copy(kName.begin(), kName.end(), hash_.begin());
  chaining_key_ = crypto::Secret<32>(hash_);
  mix_hash({});  // the prologue
}

void SymmetricState::mix_key(base::ByteView input) {
  const auto keys = crypto::hkdf_sha256(chaining_key_.view(), input);
  chaining_key_ = keys.first;
  cipher_.emplace(keys.second);
}

void SymmetricState::mix_hash(base::ByteView data) {
  hash_ = crypto::sha256({hash_, data});
}

void SymmetricState::encrypt_and_hash(base::ByteView plaintext, base::Bytes& out) {
  const auto start = out.size();
  if (cipher_) {
    out.resize(start + plaintext.size() + crypto::kAeadTagSize);
    cipher_->encrypt(aead_, hash_, plaintext, base::MutableByteView(out).subspan(start));
  } else {
    base::append(out, plaintext);
  }
  mix_hash(base::ByteView(out).subspan(start));
}

base::Result<base::Bytes> SymmetricState::decrypt_and_hash(base::ByteView ciphertext) {
  auto plaintext = base::to_bytes(ciphertext);
  if (cipher_) {
    const auto status = cipher_->decrypt(aead_, hash_, plaintext, plaintext);
    if (!status) return base::fail(status.error());
    plaintext.resize(plaintext.size() - crypto::kAeadTagSize);
  }
  mix_hash(ciphertext);
  return plaintext;
}

std::pair<CipherState, CipherState> SymmetricState::split() const {
  const auto keys = crypto::hkdf_sha256(chaining_key_.view(), {});
  return {CipherState(keys.first), CipherState(keys.second)};
}

}  // namespace mexport::libp2p::noise
