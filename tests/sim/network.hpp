// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/transport.hpp"
#include "multiformats/multiaddr.hpp"
#include "tests/sim/shard.hpp"
#include "tests/sim/socket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mexport::sim {

/// How often in a thousand dials something goes wrong.
struct DialFaults {
  std::uint32_t refused = 0;
  std::uint32_t unanswered = 0;
};

/// Where dials meet listeners, and whose links lose, hold up and damage what they carry.
class SimNetwork {
 public:
  /// Whom a listener gives the next connection.
  struct Target {
    SimShard* shard = nullptr;
    std::function<void(libp2p::RawConnectionPtr)> accept;
  };
  using Listening = std::function<Target()>;
  using ChooseQuality = std::function<LinkQuality(base::Random&)>;

  SimNetwork(Scheduler& scheduler, std::uint64_t seed) : scheduler_(scheduler), random_(seed) {}

  void listen(const multiformats::Multiaddr& address, Listening listening);
  void silence(const multiformats::Multiaddr& address);
  void set_quality(ChooseQuality choose) { choose_quality_ = std::move(choose); }
  void set_dial_faults(DialFaults faults) { dial_faults_ = faults; }

  /// The socket of a connection, by its ends; nullptr when it is gone.
  SocketPtr find(const multiformats::Multiaddr& local, const multiformats::Multiaddr& remote);
  /// Those that are open now, in the order of their making.
  std::vector<SocketPtr> open_sockets();

  Scheduler& scheduler() { return scheduler_; }
  base::Random& random() { return random_; }

 private:
  friend class SimTransport;

  enum class Fate : std::uint8_t { reached, refused, unanswered };
  Fate fate_of(const multiformats::Multiaddr& address);
  /// The dialler's end; the other one is on its way to the listener.
  libp2p::RawConnectionPtr connect(SimShard& from, const multiformats::Multiaddr& local,
                                   const multiformats::Multiaddr& remote);

  Scheduler& scheduler_;
  base::SeededRandom random_;
  ChooseQuality choose_quality_;
  DialFaults dial_faults_;
  std::map<std::string, Listening> listeners_;
  std::vector<std::weak_ptr<Socket>> sockets_;
};

/// The network as one host and shard see it.
class SimTransport final : public libp2p::Transport {
 public:
  /// Dials leave from the one of `hosts` that has the target's family: IP addresses as the
  /// beginning of a multiaddr ("/ip4/192.0.2.1").
  SimTransport(SimNetwork& network, SimShard& shard, std::vector<std::string> hosts)
      : network_(network), shard_(shard), hosts_(std::move(hosts)) {}

  bool can_dial(const multiformats::Multiaddr& address) const override {
    return address.tcp_address().has_value() && host_towards(address) != nullptr;
  }
  std::unique_ptr<libp2p::PendingDial> dial(const multiformats::Multiaddr& address,
                                            DialCallback callback) override;

 private:
  /// nullptr when there is none.
  const std::string* host_towards(const multiformats::Multiaddr& address) const;
  multiformats::Multiaddr next_local(const std::string& host);

  SimNetwork& network_;
  SimShard& shard_;
  std::vector<std::string> hosts_;
};

}  // namespace mexport::sim
