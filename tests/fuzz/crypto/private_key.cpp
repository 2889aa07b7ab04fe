// SPDX-License-Identifier: MIT
// Any bytes as a private key; what is one must sign so that its public half agrees.
#include "crypto/keys.hpp"

#include <cstdlib>

using namespace mexport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto key = crypto::PrivateKey::from_protobuf({data, size});
  if (!key) return 0;
  const auto message = base::as_bytes("message");
  const auto signature = key->sign(message);
  if (!signature || !key->public_key().verify(message, *signature)) std::abort();
  const auto again = crypto::PrivateKey::from_protobuf(key->to_protobuf());
  if (!again || again->public_key() != key->public_key()) std::abort();
  return 0;
}
