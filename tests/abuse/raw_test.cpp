// SPDX-License-Identifier: MIT
// Before any security: sockets that say nothing, too little, or too much.
#include "libp2p/multistream/token.hpp"
#include "tests/abuse/scenario.hpp"

#include <thread>

namespace mexport::abuse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kHundreds = 300;

class RawAbuse : public Abuse {
 protected:
  std::vector<Socket> connect_many(std::size_t count) {
    std::vector<Socket> sockets;
    for (std::size_t i = 0; i < count; ++i) sockets.push_back(connect(i));
    return sockets;
  }
};

TEST_F(RawAbuse, SilentSockets) {
  start();
  under([this] {
    auto sockets = connect_many(amount(kHundreds));
    for (auto& socket : sockets) EXPECT_TRUE(socket.ends_within(seconds(20)));
  });
  EXPECT_GE(stop()["handshake_failed_inbound_first_bytes_timeout"], amount(kHundreds));
}

// A byte each time, of what a good peer would send.
TEST_F(RawAbuse, SlowLoris) {
  start();
  under([this] {
    auto sockets = connect_many(amount(kHundreds));
    auto bytes = proposal("/noise");
    bytes.resize(bytes.size() + 200);  // a Noise message that comes no faster
    bytes[bytes.size() - 199] = 198;
    const auto end = std::chrono::steady_clock::now() + seconds(17);
    for (std::size_t at = 0; std::chrono::steady_clock::now() < end; ++at) {
      for (auto& socket : sockets) {
        if (!socket.ended()) socket.send(base::ByteView(bytes).subspan(at % bytes.size(), 1));
        socket.discard();
      }
      std::this_thread::sleep_for(milliseconds(200));
    }
    for (auto& socket : sockets) EXPECT_TRUE(socket.ended());
  });
  EXPECT_GE(stop()["handshake_failed_inbound_timeout"], amount(kHundreds));
}

/// Sends until the node has enough of it.
void flood(Socket socket, base::ByteView start, base::ByteView again) {
  socket.send(start);
  constexpr std::size_t kTimes = 100'000;
  for (std::size_t i = 0; i < kTimes && socket.send(again); ++i) socket.discard();
  EXPECT_TRUE(socket.ends_within(seconds(20)));
}

base::Bytes token(std::string_view text) {
  base::Bytes out;
  libp2p::multistream::append_token(out, text);
  return out;
}

TEST_F(RawAbuse, MultistreamFlood) {
  start();
  under([this] {
    const auto header = token(libp2p::multistream::kHeader);
    const base::Bytes endless(1024, 0xff);
    for (std::size_t i = 0; i < amount(200); ++i) {
      flood(connect(i), header, token("/nobody/speaks/this"));
      flood(connect(i), header, token(std::string(1000, 'x')));
      flood(connect(i), header, token("ls"));
      flood(connect(i), header, header);
      flood(connect(i), {}, endless);
    }
  });
  EXPECT_GE(stop()["handshake_failed_inbound_security_negotiation"], amount(200) * 5);
}

}  // namespace
}  // namespace mexport::abuse
