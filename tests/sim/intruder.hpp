// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/transport.hpp"
#include "tests/sim/network.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace mexport::sim {

/// Opens a raw connection to the monitor and says nothing, a part of a greeting, or noise.
class Intruder final : private libp2p::RawConnectionHandler {
 public:
  Intruder(SimShard& shard, SimNetwork& network, std::string host, std::uint64_t seed)
      : random_(seed), transport_(network, shard, {std::move(host)}) {}

  void join(const multiformats::Multiaddr& monitor);
  void leave();

 private:
  void on_bytes(base::MutableByteView) override {}
  void on_closed(std::error_code) override {}
  void on_drained() override {}
  base::Bytes greeting();

  base::SeededRandom random_;
  SimTransport transport_;
  std::unique_ptr<libp2p::PendingDial> dial_;
  libp2p::RawConnectionPtr raw_;
};

}  // namespace mexport::sim
