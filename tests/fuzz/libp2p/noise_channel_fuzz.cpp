// SPDX-License-Identifier: MIT
// The frame reader: the input tells how an honest sender's bytes are cut into pieces and where one
// of them is changed. What comes out must be a beginning of what went in.
#include "libp2p/noise/channel.hpp"
#include "tests/fuzz/libp2p/security_harness.hpp"

#include <algorithm>
#include <cstdlib>

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static crypto::Aead aead;
  const noise::CipherState key{crypto::AeadKey()};
  noise::Channel sender(aead, key, key);
  noise::Channel receiver(aead, key, key);
  if (size < 4) return 0;
  const base::ByteView cuts(data + 3, size - 3);
  base::Bytes plain;
  base::Bytes wire;
  for (const auto byte : cuts) {
    const base::Bytes part(1 + std::size_t{byte} * 13, byte);
    if (plain.size() > 200'000) break;
    base::append(plain, part);
    sender.send(part, wire);
  }
  const auto place = (std::size_t{data[1]} << 8 | data[2]) % wire.size();
  wire[place] ^= data[0];
  fuzz::Collector collector;
  base::MutableByteView rest = wire;
  bool failed = false;
  for (std::size_t i = 0; !rest.empty() && !failed; ++i) {
    const auto piece = rest.first(std::min<std::size_t>(1 + cuts[i % cuts.size()], rest.size()));
    failed = !receiver.receive(piece, collector);
    rest = rest.subspan(piece.size());
  }
  const auto& got = collector.bytes;
  fuzz::require_beginning(got, plain);
  if (data[0] == 0 && (failed || got.size() != plain.size() || receiver.buffered() != 0)) {
    std::abort();
  }
  return 0;
}
