// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/swarm.hpp"
#include "node/node_options.hpp"
#include "tests/sim/held.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/truth.hpp"
#include "wire/bitswap.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::sim {

struct PeerOptions {
  std::uint64_t identity = 0;
  std::string host{};                               ///< "/ip4/20.0.0.1"
  std::optional<multiformats::Multiaddr> listen{};  ///< then it waits to be dialled
  std::chrono::milliseconds mean_pause{1'000};      ///< between two acts
  std::size_t streams = 1;                          ///< at the same time
  wire::BitswapProtocol protocol = wire::BitswapProtocol::v1_2_0;
  bool reads_answers = true;
  std::uint32_t big_messages = 0;  ///< of a thousand
  /// As libp2p::SecurityOptions has them.
  std::vector<libp2p::SecurityProtocol> security{libp2p::SecurityProtocol::noise,
                                                 libp2p::SecurityProtocol::tls};
  bool excluded = false;  ///< from the record
};

/// A peer of the monitor: connects, sends messages over one or several streams, closes and resets
/// them, says anew who it is, hangs up, comes again. On the same stack as the monitor, but on
/// shards of its own. Each message is written down before it is sent.
class SimPeer final : private libp2p::SwarmEvents, private libp2p::WakeupObserver {
 public:
  struct Parts {
    SimShard& shard;
    SimNetwork& network;
    Truth& truth;
    const base::Clock& clock;
    const node::KnownPeer& monitor;
    const Held* held = nullptr;  ///< what the monitor has
  };

  SimPeer(Parts parts, PeerOptions options, std::uint64_t seed);
  ~SimPeer() override;

  void join();
  /// For good, in good order.
  void leave();

 private:
  /// A stream of ours, as long as it lives.
  struct Out {
    libp2p::Stream* stream = nullptr;
    std::size_t number = 0;                // in Truth
    std::vector<std::uint64_t> unflushed;  // messages that wait for the peer's window
  };
  class WantStream;
  class AnswerStream;

  void on_connected(libp2p::Connection&) override {}
  void on_disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info) override;
  void on_identified(libp2p::Connection& connection, libp2p::IdentifyResult result) override;
  void on_wakeup_begin(base::SteadyTime) override {}
  void on_wakeup_end() override;

  void dial();
  /// Once, whoever asks for it meanwhile.
  void later(void (SimPeer::*what)(), bool& waiting);
  void act();
  void send();
  Out* open_stream();
  void on_stream_lost(libp2p::Stream& stream, const std::shared_ptr<Out>& out);
  void end_stream();
  void announce();

  Parts parts_;
  PeerOptions options_;
  base::SeededRandom random_;
  libp2p::PeerIdentity identity_;
  libp2p::NodeSecurity security_;
  libp2p::PeerDirectory directory_;
  libp2p::ConnectionIds ids_;
  SimTransport transport_;
  std::unique_ptr<libp2p::Swarm> swarm_;
  libp2p::Connection* connection_ = nullptr;
  std::shared_ptr<const Flow> way_;  // of what we send over it
  std::vector<std::shared_ptr<Out>> streams_;
  bool left_ = false;
  bool will_dial_ = false;
  bool will_act_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace mexport::sim
