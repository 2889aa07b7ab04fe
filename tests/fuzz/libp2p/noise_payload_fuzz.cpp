// SPDX-License-Identifier: MIT
// Any bytes as the payload of a handshake, behind the encryption that a fuzzer cannot pass.
#include "libp2p/noise/payload.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto payload = noise::decode_payload({data, size});
  if (!payload) return 0;
  if (payload->muxers.size() > noise::kMaxMuxers) std::abort();
  const std::vector<std::string> muxers(payload->muxers.begin(), payload->muxers.end());
  const auto encoded =
      noise::encode_payload(payload->identity_key, payload->identity_signature, muxers);
  const auto again = noise::decode_payload(encoded);
  if (!again || again->muxers != payload->muxers) std::abort();
  return 0;
}
