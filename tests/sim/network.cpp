// SPDX-License-Identifier: MIT
#include "tests/sim/network.hpp"

#include "tests/sim/accounting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace mexport::sim {
namespace {

/// As the driver over TCP.
constexpr std::chrono::seconds kConnectTimeout{5};

/// "/ip4/"
constexpr std::size_t kFamilySize = 5;

class Pending final : public libp2p::PendingDial {
 public:
  explicit Pending(std::shared_ptr<libp2p::Transport::DialCallback> callback)
      : callback_(std::move(callback)) {}
  ~Pending() override { *callback_ = nullptr; }

 private:
  std::shared_ptr<libp2p::Transport::DialCallback> callback_;
};

}  // namespace

void SimNetwork::listen(const multiformats::Multiaddr& address, Listening listening) {
  listeners_[address.to_string()] = std::move(listening);
}

void SimNetwork::silence(const multiformats::Multiaddr& address) {
  listeners_.erase(address.to_string());
}

SimNetwork::Fate SimNetwork::fate_of(const multiformats::Multiaddr& address) {
  const auto draw = random_.below(1000);
  if (draw < dial_faults_.unanswered) return Fate::unanswered;
  if (draw < dial_faults_.unanswered + dial_faults_.refused) return Fate::refused;
  return listeners_.contains(address.to_string()) ? Fate::reached : Fate::refused;
}

libp2p::RawConnectionPtr SimNetwork::connect(SimShard& from, const multiformats::Multiaddr& local,
                                             const multiformats::Multiaddr& remote) {
  const auto target = listeners_.at(remote.to_string())();
  const auto quality = choose_quality_(random_);
  const auto mine = std::make_shared<Socket>(from, random_, local, remote, quality);
  const auto theirs = std::make_shared<Socket>(*target.shard, random_, remote, local, quality);
  Socket::join(*mine, *theirs);
  std::erase_if(sockets_, [](const auto& socket) { return socket.expired(); });
  sockets_.push_back(mine);
  sockets_.push_back(theirs);
  auto accepted = std::make_shared<libp2p::RawConnectionPtr>(theirs->raw());
  target.shard->at(scheduler_.now() + quality.latency,
                   [shard = target.shard, accept = target.accept, accepted] {
                     shard->as_owner([&] { accept(std::move(*accepted)); });
                   });
  return mine->raw();
}

SocketPtr SimNetwork::find(const multiformats::Multiaddr& local,
                           const multiformats::Multiaddr& remote) {
  for (const auto& weak : sockets_) {
    auto socket = weak.lock();
    if (socket && socket->local() == local && socket->remote() == remote) return socket;
  }
  return nullptr;
}

std::vector<SocketPtr> SimNetwork::open_sockets() {
  std::vector<SocketPtr> open;
  for (const auto& weak : sockets_) {
    if (auto socket = weak.lock(); socket && socket->open()) open.push_back(std::move(socket));
  }
  return open;
}

const std::string* SimTransport::host_towards(const multiformats::Multiaddr& address) const {
  const auto family = address.to_string().substr(0, kFamilySize);
  const auto host = std::ranges::find_if(
      hosts_, [&](const std::string& candidate) { return candidate.starts_with(family); });
  return host == hosts_.end() ? nullptr : &*host;
}

multiformats::Multiaddr SimTransport::next_local(const std::string& host) {
  // Each connection has a port of its own, so that its ends name it.
  for (;;) {
    const auto port = 10'000 + network_.random_.below(50'000);
    auto local = multiformats::Multiaddr::from_string(fmt::format("{}/tcp/{}", host, port)).value();
    bool taken = false;
    for (const auto& weak : network_.sockets_) {
      const auto socket = weak.lock();
      taken = taken || (socket && socket->local() == local);
    }
    if (!taken) return local;
  }
}

std::unique_ptr<libp2p::PendingDial> SimTransport::dial(const multiformats::Multiaddr& address,
                                                        DialCallback callback) {
  const OwnerScope scope(Owner::world);
  auto shared = std::make_shared<DialCallback>(std::move(callback));
  const auto fate = network_.fate_of(address);
  const auto delay = fate == SimNetwork::Fate::unanswered
                         ? std::chrono::nanoseconds(kConnectTimeout)
                         : std::chrono::milliseconds(1 + network_.random_.below(200));
  shard_.at(shard_.now() + delay, [this, address, shared, fate] {
    const OwnerScope world(Owner::world);
    const auto call = std::exchange(*shared, nullptr);
    if (!call) return;
    base::Result<libp2p::RawConnectionPtr> result =
        base::fail(std::make_error_code(std::errc::timed_out));
    if (fate == SimNetwork::Fate::reached && network_.listeners_.contains(address.to_string())) {
      result = network_.connect(shard_, next_local(*host_towards(address)), address);
    } else if (fate != SimNetwork::Fate::unanswered) {
      result = base::fail(std::make_error_code(std::errc::connection_refused));
    }
    shard_.as_owner([&] { call(std::move(result)); });
  });
  return std::make_unique<Pending>(std::move(shared));
}

}  // namespace mexport::sim
