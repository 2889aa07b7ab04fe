// SPDX-License-Identifier: MIT
// Any bytes in any pieces as the other side of a handshake. The first byte chooses the role and
// the size of the pieces. Without keys no input can be done.
#include "libp2p/tls/handshake.hpp"
#include "tests/fuzz/libp2p/security_harness.hpp"

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static crypto::Aead aead;
  static const base::SystemClock clock;
  static const auto identity = PeerIdentity::generate().value();
  static const auto context = tls::Context::create(identity, clock).value();
  if (size == 0) return 0;
  const auto direction = (data[0] & 1) != 0 ? Direction::outbound : Direction::inbound;
  const std::size_t step = 1 + (data[0] >> 1);
  tls::Handshake handshake(direction, context, aead);
  fuzz::fuzz_handshake(handshake, {data + 1, size - 1}, step, tls::kMaxHandshakeBytes);
  return 0;
}
