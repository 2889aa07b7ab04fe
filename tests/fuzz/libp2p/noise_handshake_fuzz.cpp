// SPDX-License-Identifier: MIT
// Any bytes in any pieces as the other side of a handshake. The first byte chooses the role and
// the size of the pieces. Without our keys no input can authenticate.
#include "libp2p/noise/frame.hpp"
#include "libp2p/noise/handshake.hpp"
#include "tests/fuzz/libp2p/security_harness.hpp"

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static crypto::Aead aead;
  static const auto identity = PeerIdentity::generate().value();
  static const auto keys = noise::StaticIdentity::create(identity).value();
  if (size == 0) return 0;
  const auto direction = (data[0] & 1) != 0 ? Direction::outbound : Direction::inbound;
  const std::size_t step = 1 + (data[0] >> 1);
  noise::Handshake handshake(direction, keys, aead);
  // A listener understands the first message without keys, and nothing after it.
  constexpr auto kMost = 2 * (noise::kLengthSize + noise::kMaxHandshakeFrame);
  fuzz::fuzz_handshake(handshake, {data + 1, size - 1}, step, kMost);
  return 0;
}
