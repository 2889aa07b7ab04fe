// SPDX-License-Identifier: MIT
#include "crypto/multihash_digest.hpp"

#include "crypto/blake3.hpp"
#include "crypto/error.hpp"
#include "crypto/hash.hpp"
#include "crypto/keccak.hpp"
#include "crypto/murmur3.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mexport::crypto {
namespace {

using Buffer = std::array<std::uint8_t, kMaxDigestSize>;

bool is_blake2b(HashCode code) {
  return code >= HashCode::blake2b_8 && code <= HashCode::blake2b_512;
}

std::size_t blake2b_size(HashCode code) {
  return static_cast<std::size_t>(code) - static_cast<std::size_t>(HashCode::blake2b_8) + 1;
}

/// The functions that come from OpenSSL as they are.
struct OpenSslHash {
  const EVP_MD* function;
  std::size_t size;
  bool extendable = false;
};

std::optional<OpenSslHash> openssl_hash(HashCode code) {
  switch (code) {
    case HashCode::md5:
      return OpenSslHash{EVP_md5(), 16};
    case HashCode::sha1:
      return OpenSslHash{EVP_sha1(), 20};
    case HashCode::sha2_224:
      return OpenSslHash{EVP_sha224(), 28};
    case HashCode::sha2_384:
      return OpenSslHash{EVP_sha384(), 48};
    case HashCode::sha2_512:
      return OpenSslHash{EVP_sha512(), 64};
    case HashCode::sha2_512_224:
      return OpenSslHash{EVP_sha512_224(), 28};
    case HashCode::sha2_512_256:
      return OpenSslHash{EVP_sha512_256(), 32};
    case HashCode::sha3_224:
      return OpenSslHash{EVP_sha3_224(), 28};
    case HashCode::sha3_256:
      return OpenSslHash{EVP_sha3_256(), 32};
    case HashCode::sha3_384:
      return OpenSslHash{EVP_sha3_384(), 48};
    case HashCode::sha3_512:
      return OpenSslHash{EVP_sha3_512(), 64};
    case HashCode::shake_128:
      return OpenSslHash{EVP_shake128(), 32, true};
    case HashCode::shake_256:
      return OpenSslHash{EVP_shake256(), 64, true};
    case HashCode::blake2s_256:
      return OpenSslHash{EVP_blake2s256(), 32};
    default:
      return std::nullopt;
  }
}

bool run_openssl(const OpenSslHash& hash, base::ByteView data, Buffer& out) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  const bool good = context != nullptr && EVP_DigestInit_ex(context, hash.function, nullptr) == 1 &&
                    EVP_DigestUpdate(context, data.data(), data.size()) == 1 &&
                    (hash.extendable ? EVP_DigestFinalXOF(context, out.data(), hash.size)
                                     : EVP_DigestFinal_ex(context, out.data(), nullptr)) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

/// How many bytes the function gives when it may give up to `wanted`; 0 when it is unknown.
std::size_t full_size(HashCode code, std::uint64_t wanted) {
  switch (code) {
    case HashCode::sha2_256:
    case HashCode::dbl_sha2_256:
    case HashCode::keccak_256:
      return 32;
    case HashCode::keccak_512:
      return 64;
    case HashCode::murmur3_x64_64:
      return 8;
    case HashCode::blake3:
      return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, kMaxDigestSize));
    default:
      break;
  }
  if (is_blake2b(code)) return blake2b_size(code);
  const auto hash = openssl_hash(code);
  return hash ? hash->size : 0;
}

template <class Digest>
void store(const Digest& digest, Buffer& out) {
  std::copy(digest.begin(), digest.end(), out.begin());
}

void store_big_endian(std::uint64_t value, Buffer& out) {
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

/// False only when the library cannot run the function (a provider without it, no memory).
bool run(HashCode code, base::ByteView data, std::size_t size, Buffer& out) {
  switch (code) {
    case HashCode::sha2_256:
      store(sha256(data), out);
      return true;
    case HashCode::dbl_sha2_256:
      store(sha256(sha256(data)), out);
      return true;
    case HashCode::keccak_256:
      store(keccak_256(data), out);
      return true;
    case HashCode::keccak_512:
      store(keccak_512(data), out);
      return true;
    case HashCode::murmur3_x64_64:
      store_big_endian(murmur3_x64_64(data), out);
      return true;
    case HashCode::blake3:
      blake3(data, base::MutableByteView(out).first(size));
      return true;
    default:
      break;
  }
  if (!is_blake2b(code)) return run_openssl(*openssl_hash(code), data, out);
  // libsodium's generic interface starts at 16 bytes, its BLAKE2b itself at 1.
  return crypto_generichash_blake2b(out.data(), blake2b_size(code), data.data(), data.size(),
                                    nullptr, 0) == 0;
}

}  // namespace

bool is_known_hash(std::uint64_t code) {
  const auto hash = static_cast<HashCode>(code);
  return hash == HashCode::identity || full_size(hash, 1) != 0;
}

base::Status append_digest(std::uint64_t code, std::uint64_t size, base::ByteView data,
                           base::Bytes& out) {
  const auto hash = static_cast<HashCode>(code);
  if (hash == HashCode::identity) {
    base::append(out, data);
    return {};
  }
  if (!is_known_hash(code)) return base::fail(Error::unknown_hash);
  const auto full = full_size(hash, size);
  if (size > full || full == 0) return base::fail(Error::bad_digest_size);
  Buffer digest;
  if (!run(hash, data, full, digest)) return base::fail(Error::unknown_hash);
  base::append(out, base::ByteView(digest).first(static_cast<std::size_t>(size)));
  return {};
}

}  // namespace mexport::crypto
