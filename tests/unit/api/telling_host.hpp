// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/host.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mexport::api::testing {

/// Reports of what it is asked what a test says.
class TellingHost final : public monitor::Host {
 public:
  monitor::HostStatistics statistics() override { return {}; }
  bool ask(const monitor::Ask& ask, const std::shared_ptr<monitor::AskListener>& told) override {
    asked.push_back(ask);
    listener = told;
    for (const auto& report : reports) told->on_peer(monitor::PeerReport(report));
    if (ends) told->on_done(stopped);
    return true;
  }
  std::vector<std::string> peer_ids() const override { return {}; }
  std::vector<std::string> listen_addrs() const override { return {}; }

  std::vector<monitor::PeerReport> reports;
  bool ends = true;
  bool stopped = false;
  std::vector<monitor::Ask> asked;
  std::shared_ptr<monitor::AskListener> listener;
};

}  // namespace mexport::api::testing
