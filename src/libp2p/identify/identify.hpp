// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/deadline_list.hpp"
#include "libp2p/identify/identify_result.hpp"
#include "libp2p/identify/protocol_lists.hpp"
#include "multiformats/multiaddr.hpp"
#include "wire/identify.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

namespace mexport::libp2p {
class Swarm;
}

namespace mexport::libp2p::identify {

class Reader;

inline constexpr std::string_view kProtocol = "/ipfs/id/1.0.0";
inline constexpr std::string_view kPushProtocol = "/ipfs/id/push/1.0.0";
/// Of each of the two, on one connection, open at a time.
inline constexpr std::size_t kMaxStreams = 4;

/// Identify of one swarm (specs: identify/README.md), all four roles: asks each new peer who it is,
/// answers the same question, takes pushes, and pushes when our addresses change. Tells the swarm's
/// owner by on_identified(). One shard.
class Service {
 public:
  /// Adds its protocols to the swarm's table.
  explicit Service(Swarm& swarm);

  /// Asks the peer.
  void on_connected(Connection& connection);
  /// What we announce from now on; connected peers are told, a few at a time.
  void set_addresses(std::vector<multiformats::Multiaddr> addresses);

 private:
  friend class Reader;

  std::unique_ptr<StreamHandler> answer(Stream& stream);
  std::unique_ptr<StreamHandler> take_push(Stream& stream);
  void push_some();
  void push(Connection& connection);
  void build_local();
  std::uint64_t next_sequence();
  base::Bytes message_for(Connection& connection);

  void on_message(Connection& connection, IdentifyCause cause, const wire::IdentifyMessage& said);
  void on_failed(Connection& connection, std::error_code error);
  void on_bad_push();

  Swarm& swarm_;
  DeadlineList readers_;
  ProtocolLists protocol_lists_;
  std::vector<multiformats::Multiaddr> addresses_;
  wire::IdentifyMessage local_;  // all but the observed address
  std::uint32_t version_ = 0;    // of local_; 0: not built yet
  std::uint64_t sequence_ = 0;   // of our last peer record
  base::Timer push_timer_;
  std::size_t push_cursor_ = 0;  // connections below it may not have been told
};

}  // namespace mexport::libp2p::identify
