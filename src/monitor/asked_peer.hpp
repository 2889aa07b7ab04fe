// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "monitor/ask_plan.hpp"
#include "wire/wantlist_sender.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mexport::monitor {

class PeerAsk;

/// What is kept with a connection whose peer has been asked something.
class AskedPeer {
 public:
  explicit AskedPeer(std::unique_ptr<wire::WantlistSender> to) : sender(std::move(to)) {}
  virtual ~AskedPeer() = default;
  AskedPeer(const AskedPeer&) = delete;
  AskedPeer& operator=(const AskedPeer&) = delete;

  /// Of the peer, as Privacy shows it.
  virtual std::string name() const = 0;

  std::unique_ptr<wire::WantlistSender> sender;
  base::SteadyTime not_before{};  ///< after a failure it is not asked for a while
  std::vector<PeerAsk*> asks{};   ///< that are under way
  /// What it was asked for lately, oldest first; at most kRemembered.
  struct Asked {
    std::shared_ptr<const AskedCids> cids;
    base::SteadyTime at;  ///< when the WANT was written
  };
  std::deque<Asked> asked{};
  static constexpr std::size_t kRemembered = 16;
};

}  // namespace mexport::monitor
