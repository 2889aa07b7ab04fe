// SPDX-License-Identifier: MIT
#include "tests/abuse/good_peer.hpp"

#include "base/random.hpp"
#include "multiformats/cid.hpp"
#include "wire/bitswap_writer.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace mexport::abuse {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::microseconds kPoll{500};
/// Enough to fill an answering message, which then goes out at once.
constexpr std::size_t kWants = 500;

}  // namespace

base::Bytes wantlist(std::size_t entries, bool send_dont_have, std::uint64_t seed) {
  base::SeededRandom random(seed);
  wire::BitswapMessageWriter message(wire::BitswapProtocol::v1_2_0);
  for (std::size_t i = 0; i < entries; ++i) {
    std::array<std::uint64_t, 4> digest;
    for (auto& word : digest) word = random.next();
    std::array<std::uint8_t, sizeof digest> bytes;
    std::memcpy(bytes.data(), digest.data(), bytes.size());
    const auto cid = multiformats::Cid::v1(0x55, 0x12, bytes);
    message.add_entry({.cid = cid.bytes(),
                       .want_type = send_dont_have ? wire::WantType::have : wire::WantType::block,
                       .send_dont_have = send_dont_have});
  }
  return message.frame();
}

GoodPeers::GoodPeers(node::KnownPeer node)
    : node_(std::move(node)), pool_(1), wantlist_(wantlist(kWants, true)) {
  pool_.start();
}

GoodPeers::~GoodPeers() = default;

template <class Condition>
bool GoodPeers::wait_until(const node::SmallPeer& peer, Condition condition) {
  const auto deadline = steady_clock::now() + kPatience;
  while (steady_clock::now() < deadline) {
    bool met = false;
    pool_.shard(0).run([&] { met = condition(peer); });
    if (met) return true;
    std::this_thread::sleep_for(kPoll);
  }
  return false;
}

std::optional<std::chrono::nanoseconds> GoodPeers::exchange() {
  std::unique_ptr<node::SmallPeer> peer;
  pool_.shard(0).run([&] {
    auto made = node::SmallPeer::create(
        {.shard = pool_.shard(0), .connection_ids = ids_, .clock = clock_, .log = {}},
        {.agent_version = "good-peer/1.0.0"});
    if (made) peer = std::move(*made);
  });
  if (!peer) throw std::runtime_error("no key");
  const auto start = steady_clock::now();
  pool_.shard(0).run([&] { peer->keep_connected(node_); });
  bool done = wait_until(*peer, [](const auto& p) { return p.ready(); });
  pool_.shard(0).run([&] { done = done && peer->send(wantlist_); });
  done = done && wait_until(*peer, [](const auto& p) { return p.answered_bytes() > 0; });
  const auto took = steady_clock::now() - start;
  pool_.shard(0).run([&] { peer.reset(); });
  return done ? std::optional(took) : std::nullopt;
}

}  // namespace mexport::abuse
