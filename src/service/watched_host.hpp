// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/host.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mexport::service {

/// A host that two ask at different intervals: the status line's questions take nothing away from
/// the latency that the next heartbeat reports. Thread-safe, as its host is, which outlives it.
class WatchedHost final : public monitor::Host {
 public:
  explicit WatchedHost(monitor::Host& host) : host_(host) {}

  /// For heartbeats: latency since the last call of this one.
  monitor::HostStatistics statistics() override;
  /// For the status line: latency since the last call of either.
  monitor::HostStatistics glance();

  monitor::PeerCensus census() override { return host_.census(); }
  std::unique_ptr<monitor::PeerCursor> peers() override { return host_.peers(); }
  bool ask(const monitor::Ask& ask,
           const std::shared_ptr<monitor::AskListener>& listener) override {
    return host_.ask(ask, listener);
  }
  std::vector<std::string> peer_ids() const override { return host_.peer_ids(); }
  std::vector<std::string> listen_addrs() const override { return host_.listen_addrs(); }

 private:
  monitor::Host& host_;
  std::mutex mutex_;
  double latency_seen_ = 0;  // by glances since the last statistics()
};

}  // namespace mexport::service
