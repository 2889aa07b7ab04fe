// SPDX-License-Identifier: MIT
// Any bytes in any pieces as the other side of a handshake. The first byte chooses the role and
// the size of the pieces. Without keys no input can be done.
#include "libp2p/tls/handshake.hpp"

#include <algorithm>
#include <cstdlib>

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
  base::ByteView rest(data + 1, size - 1);
  tls::Handshake handshake(direction, context, aead);
  base::Bytes out;
  if (!handshake.start(out)) std::abort();
  for (std::size_t taken = 0; !rest.empty(); taken += step) {
    const auto piece = rest.first(std::min(step, rest.size()));
    const auto consumed = handshake.receive(piece, out);
    if (!consumed) return 0;
    if (handshake.done() || *consumed != piece.size()) std::abort();
    if (taken > tls::kMaxHandshakeBytes) std::abort();
    rest = rest.subspan(piece.size());
  }
  return 0;
}
