// SPDX-License-Identifier: MIT
#include "node/demo_peers.hpp"

#include "crypto/hash.hpp"
#include "multiformats/cid.hpp"
#include "node/small_peer.hpp"
#include "wire/bitswap_writer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <utility>

namespace mexport::node {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kWantsKept = 8;  // beyond that the oldest is cancelled
constexpr std::uint64_t kContents = 200;
constexpr milliseconds kUntilReady{20};
constexpr std::uint64_t kPauseMs = 2'000;

/// One of a few hundred contents; most peers ask for the few popular ones.
multiformats::Cid pick_content(base::Random& random) {
  const auto bound = 1 + random.below(kContents);
  const auto name = fmt::format("mexport demo content {}", random.below(bound));
  const auto digest = crypto::sha256(base::as_bytes(name));
  return multiformats::Cid::v1(static_cast<std::uint64_t>(multiformats::Multicodec::raw),
                               static_cast<std::uint64_t>(multiformats::HashCode::sha2_256),
                               digest);
}

}  // namespace

/// A peer that asks for one thing after the other.
class DemoPeers::Peer {
 public:
  Peer(base::Runtime& runtime, std::unique_ptr<SmallPeer> peer, const KnownPeer& target)
      : runtime_(runtime),
        timer_([](void* self) { static_cast<Peer*>(self)->ask(); }, this),
        peer_(std::move(peer)) {
    peer_->keep_connected(target);
    arm(kUntilReady);
  }

 private:
  void arm(milliseconds delay) { runtime_.timers().arm(timer_, runtime_.now() + delay); }

  void ask() {
    if (!peer_->ready()) return arm(kUntilReady);
    wire::BitswapMessageWriter message(wire::BitswapProtocol::v1_2_0);
    const auto cid = pick_content(runtime_.random());
    const bool targeted = runtime_.random().below(4) == 0;
    message.add_entry({.cid = cid.bytes(),
                       .priority = next_priority_--,
                       .want_type = wire::WantType::have,
                       .send_dont_have = targeted});
    wanted_.push_back(cid);
    if (wanted_.size() > kWantsKept) {
      message.add_entry({.cid = wanted_.front().bytes(), .cancel = true});
      wanted_.pop_front();
    }
    peer_->send(message.frame());
    arm(milliseconds(kPauseMs / 2 + runtime_.random().below(kPauseMs)));
  }

  base::Runtime& runtime_;
  base::Timer timer_;
  std::unique_ptr<SmallPeer> peer_;
  std::deque<multiformats::Cid> wanted_;
  std::int32_t next_priority_ = std::numeric_limits<std::int32_t>::max();
};

DemoPeers::DemoPeers(Parts parts) : parts_(std::move(parts)) {}

base::Result<std::unique_ptr<DemoPeers>> DemoPeers::start(Parts parts, const KnownPeer& target,
                                                          std::size_t count) {
  std::unique_ptr<DemoPeers> demo(new DemoPeers(std::move(parts)));
  for (std::size_t i = 0; i < count; ++i) {
    auto& shard = demo->parts_.shards.shard(i % demo->parts_.shards.size());
    base::Status made;
    shard.run([&] { made = demo->add_peer(shard, target); });
    if (!made) return base::fail(made.error());
  }
  return demo;
}

base::Status DemoPeers::add_peer(libp2p::tcp::SystemShard& shard, const KnownPeer& target) {
  auto peer = SmallPeer::create(
      {.shard = shard, .connection_ids = connection_ids_, .clock = parts_.clock, .log = parts_.log},
      {.agent_version = "mexport-demo/0.1.0"});
  if (!peer) return base::fail(peer.error());
  peers_.push_back(std::make_unique<Peer>(shard, std::move(*peer), target));
  return {};
}

DemoPeers::~DemoPeers() {
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    parts_.shards.shard(i % parts_.shards.size()).run([&] { peers_[i].reset(); });
  }
}

}  // namespace mexport::node
