// SPDX-License-Identifier: MIT
#include "crypto/base64.hpp"

#include "crypto/error.hpp"

#include <sodium.h>

namespace mexport::crypto {

std::string encode_base64(base::ByteView bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero, which libsodium counts
  return text;
}

base::Result<base::Bytes> decode_base64(std::string_view text) {
  base::Bytes bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return base::fail(Error::bad_base64);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace mexport::crypto
