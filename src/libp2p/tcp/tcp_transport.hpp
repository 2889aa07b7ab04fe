// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/transport.hpp"
#include "multiformats/multiaddr.hpp"

#include <chrono>
#include <memory>

namespace mexport::libp2p::tcp {

class SystemShard;
class PortSharing;

/// Dials /ip4|ip6/…/tcp/… (with ip6zone for link-local addresses) from one shard.
class TcpTransport final : public Transport {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{5'000};
  };

  /// `ports` may be nullptr: then dials leave from any port. Both outlive the transport.
  TcpTransport(SystemShard& shard, PortSharing* ports) : TcpTransport(shard, ports, Options{}) {}
  TcpTransport(SystemShard& shard, PortSharing* ports, Options options)
      : shard_(shard), ports_(ports), options_(options) {}

  bool can_dial(const multiformats::Multiaddr& address) const override;
  std::unique_ptr<PendingDial> dial(const multiformats::Multiaddr& address,
                                    DialCallback callback) override;

 private:
  SystemShard& shard_;
  PortSharing* ports_;
  Options options_;
};

}  // namespace mexport::libp2p::tcp
