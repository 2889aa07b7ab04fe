// SPDX-License-Identifier: MIT
// Any bytes as a public key; what is one must encode to itself and verify without harm.
#include "crypto/keys.hpp"

#include <cstdlib>

using namespace mexport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(data, size);
  const auto key = crypto::PublicKey::from_protobuf(input);
  if (!key) return 0;
  const auto again = crypto::PublicKey::from_protobuf(key->protobuf());
  if (!again || *again != *key) std::abort();
  (void)key->verify(input, input.first(size < 72 ? size : 72));
  (void)key->verify(input, input.first(size < 64 ? size : 64));
  return 0;
}
