// SPDX-License-Identifier: MIT
// Any bytes as a peer's certificate; the corpus has good ones, of which no change is good.
#include "libp2p/tls/certificate.hpp"
#include "libp2p/tls/verify.hpp"

#include <cstdlib>

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView der(data, size);
  const auto inside = [&](base::ByteView part) {
    return part.empty() || (part.data() >= data && part.data() + part.size() <= data + size);
  };
  const auto parsed = tls::parse_certificate(der);
  if (parsed && !(inside(parsed->signed_part) && inside(parsed->key_info) &&
                  inside(parsed->signature) && inside(parsed->identity))) {
    std::abort();
  }
  const base::WallTime now{std::chrono::seconds(1'800'000'000)};
  const auto verified = tls::verify_peer({&der, 1}, now, {});
  if (verified && !parsed) std::abort();
  static_cast<void>(tls::parse_signed_key(der));
  return 0;
}
