// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/counter.hpp"
#include "base/log.hpp"
#include "capi/ask_site.hpp"
#include "capi/command_queue.hpp"
#include "capi/connection_table.hpp"
#include "capi/host_thread.hpp"
#include "capi/outbox.hpp"
#include "capi/records.hpp"
#include "monitor/agent_wants.hpp"
#include "monitor/asker.hpp"
#include "monitor/capture.hpp"
#include "monitor/host.hpp"
#include "monitor/privacy.hpp"
#include "wire/received_counters.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mexport::capi {

/// What a host that we do not run says of itself at the start.
struct HostIdentity {
  std::string peer_id;                    ///< base58btc
  std::vector<std::string> listen_addrs;  ///< multiaddr texts
  std::string agent_version;
};

struct HostOptions {
  HostIdentity identity;
  bool probe = false;  ///< whether peers may be asked
  monitor::AskerOptions asker;
};

/// The host seam over records that a program with a libp2p host of its own hands over, such as
/// kubo's plugin. Thread-safe but for what is said.
class ForeignHost final : public monitor::Host {
 public:
  struct Parts {
    const base::Clock& clock;
    std::shared_ptr<const monitor::Privacy> privacy;
    monitor::ObservationSink& sink;
    CommandQueue& commands;
    base::Logger log;
  };
  /// All parts outlive it.
  ForeignHost(Parts parts, HostOptions options);
  ~ForeignHost() override;

  /// Takes what was seen, in its order.
  void take(std::vector<Record>&& records);
  void count_malformed() { counters_.malformed.add(); }
  /// Sends the CANCELs that are owed and asks nobody any more; what is sent is taken still.
  void stop_asking();
  /// Nothing is sent any more, and no thread of its own runs.
  void stop();

  monitor::HostStatistics statistics() override;
  monitor::PeerCensus census() override;
  std::unique_ptr<monitor::PeerCursor> peers() override;
  bool ask(const monitor::Ask& ask, const std::shared_ptr<monitor::AskListener>& listener) override;
  std::vector<std::string> peer_ids() const override;
  std::vector<std::string> listen_addrs() const override;

  /// The next of `ids` that are still there, as they may be shown. For Peers alone.
  void view(const std::vector<multiformats::PeerId>& ids, std::size_t from, std::size_t to,
            std::vector<monitor::PeerView>& views);

 private:
  struct Counters {
    base::Counter malformed;
    base::Counter without_connection;
    base::Counter unknown_connections;
    base::Counter repeated_connections;
    base::Counter lost;
    base::Counter opened;
    base::Counter closed;
    base::Counter served_haves;
    base::Counter served_blocks;
    base::Counter served_block_bytes;

    void add_to(std::map<std::string, std::uint64_t>& sums) const;
  };

  base::SteadyTime steady(base::WallTime at) const;
  void take(base::SteadyTime at, MessageRecord&& record);
  void take(base::SteadyTime at, ConnectedRecord&& record);
  void take(base::SteadyTime at, DisconnectedRecord&& record);
  void take(base::SteadyTime at, IdentifiedRecord&& record);
  void take(base::SteadyTime at, LostRecord&& record);
  void take(base::SteadyTime at, StreamsRecord&& record);
  void take(base::SteadyTime at, PeersRecord&& record);
  void take(base::SteadyTime at, SentRecord&& record);
  void take(base::SteadyTime at, AddressesRecord&& record);
  void served(base::SteadyTime at, Connection& connection, const MessageRecord& record);
  std::vector<std::uint64_t> answered(const Peer& peer, const wire::BitswapMessage& message);
  Connection* connection(const std::string& key);

  const base::Clock& clock_;
  const std::shared_ptr<const monitor::Privacy> privacy_;
  monitor::ObservationSink& sink_;
  const base::Logger log_;
  const HostOptions options_;
  Counters counters_;
  wire::ReceivedCounters received_;
  monitor::AgentWants agent_wants_;
  mutable HostThread thread_;  // guards what follows
  monitor::Capture capture_;
  Outbox outbox_;
  ConnectionTable table_;
  AskSite ask_site_;
  std::unique_ptr<monitor::Asker> asker_;
  std::vector<StreamsRecord::Protocol> streams_;
  std::vector<std::string> listen_addrs_;
  base::SteadyTime last_{};  // of a fact
  bool stopped_ = false;
};

}  // namespace mexport::capi
