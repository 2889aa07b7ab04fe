// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/noise/static_identity.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_listener.hpp"
#include "libp2p/tcp/tcp_transport.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mexport::libp2p::test {

using namespace std::chrono_literals;

/// Counts what a swarm tells on its shard, and lets the test's thread wait for it.
class WaitableEvents final : public SwarmEvents {
 public:
  void on_connected(Connection& connection) override {
    last = &connection;
    note(connected_);
  }
  void on_disconnected(Connection&, const CloseInfo& info) override {
    last_close = info;
    note(disconnected_);
  }
  void on_identified(Connection&, IdentifyResult result) override {
    last_result = std::move(result);
    note(identified_);
  }

  bool wait_connected(int n) { return wait(connected_, n); }
  bool wait_disconnected(int n) { return wait(disconnected_, n); }
  bool wait_identified(int n) { return wait(identified_, n); }

  // For the shard's thread.
  Connection* last = nullptr;
  CloseInfo last_close;
  IdentifyResult last_result;

 private:
  void note(int& count) {
    const std::lock_guard lock(mutex_);
    ++count;
    changed_.notify_all();
  }
  bool wait(const int& count, int n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return count >= n; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int connected_ = 0;
  int disconnected_ = 0;
  int identified_ = 0;
};

/// A node over real sockets, with a swarm on each of its shards.
class TcpNode {
 public:
  explicit TcpNode(std::size_t shard_count = 1, SwarmOptions options = {})
      : identity(PeerIdentity::generate().value()),
        security(NodeSecurity::create(identity, clock).value()) {
    options.agent_version = "tcp-test/1";
    for (std::size_t i = 0; i < shard_count; ++i) {
      auto& shard = *shards.emplace_back(std::make_unique<tcp::SystemShard>());
      auto& transport =
          *transports.emplace_back(std::make_unique<tcp::TcpTransport>(shard, &ports));
      auto& swarm = *swarms.emplace_back(std::make_unique<Swarm>(SwarmParts{.shard = shard,
                                                                            .identity = identity,
                                                                            .security = security,
                                                                            .directory = directory,
                                                                            .ids = ids,
                                                                            .clock = clock,
                                                                            .events = events,
                                                                            .log = {}},
                                                                 options));
      swarm.add_transport(transport);
    }
  }

  void start(const std::string& address = "/ip4/127.0.0.1/tcp/0") {
    for (const auto& shard : shards) shard->start();
    shards[0]->run([&] { listener = listen(address).value(); });
  }
  base::Result<std::unique_ptr<Listener>> listen(const std::string& address) {
    std::vector<tcp::AcceptTarget> targets;
    for (std::size_t i = 0; i < shards.size(); ++i) {
      targets.push_back({shards[i].get(), [swarm = swarms[i].get()](RawConnectionPtr raw) {
                           swarm->accept(std::move(raw));
                         }});
    }
    return tcp::listen(multiformats::Multiaddr::from_string(address).value(),
                       {.home = *shards[0],
                        .targets = std::move(targets),
                        .ports = &ports,
                        .counters = &listener_counters});
  }

  /// Dials from the first shard and waits for the end.
  base::Result<std::uint64_t> dial(const multiformats::PeerId& peer,
                                   const multiformats::Multiaddr& address) {
    std::promise<base::Result<std::uint64_t>> done;
    shards[0]->run([&] {
      swarms[0]->dial(peer, {&address, 1}, [&](base::Result<Connection*> connection) {
        if (connection) {
          done.set_value((*connection)->id());
        } else {
          done.set_value(base::fail(connection.error()));
        }
      });
    });
    return done.get_future().get();
  }

  void stop() {
    shards[0]->run([&] { listener.reset(); });
    for (std::size_t i = 0; i < shards.size(); ++i) {
      shards[i]->run([&] { swarms[i]->stop(); });
      shards[i]->run([] {});  // what stop() had to say is on its way
    }
    for (const auto& shard : shards) shard->stop();
  }
  ~TcpNode() {
    stop();
    swarms.clear();
  }
  TcpNode(const TcpNode&) = delete;
  TcpNode& operator=(const TcpNode&) = delete;

  PeerIdentity identity;
  base::SystemClock clock;
  NodeSecurity security;
  PeerDirectory directory;
  ConnectionIds ids;
  WaitableEvents events;
  tcp::PortSharing ports;
  tcp::ListenerCounters listener_counters;
  std::vector<std::unique_ptr<tcp::SystemShard>> shards;
  std::vector<std::unique_ptr<tcp::TcpTransport>> transports;
  std::vector<std::unique_ptr<Swarm>> swarms;
  std::unique_ptr<Listener> listener;
};

}  // namespace mexport::libp2p::test
