// SPDX-License-Identifier: MIT
// What anybody may send to our port, whatever security is preferred: never a connection, and
// nothing left once the time is up.
#include "tests/unit/libp2p/fakes.hpp"

#include <cstdlib>

using namespace mexport;
using namespace mexport::libp2p;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  test::FakeNetwork network;
  test::FakeShard shard;
  network.chunk = std::size_t{1} + data[0];
  SwarmOptions options;
  if ((data[0] & 0x40) != 0) options.security.prefer = SecurityPreference::offered;
  test::TestNode node(network, shard, "/ip4/10.0.0.1/tcp/4001", options);
  const auto [mine, theirs] =
      network.connect(shard, shard, test::addr("/ip4/10.0.0.2/tcp/4001"), node.listen_addr);
  shard.run([&] {
    node.swarm->accept(test::raw_of(theirs));
    base::append(theirs->inbox, base::ByteView(data + 1, size - 1));
    test::FakeRawConnection::wake(theirs);
  });
  shard.advance(std::chrono::seconds(15));
  if (theirs->open || !node.events.connected.empty()) std::abort();
  if (node.swarm->counters().handshakes.value() != 0) std::abort();
  return 0;
}
