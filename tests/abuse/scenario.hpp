// SPDX-License-Identifier: MIT
#pragma once

#include "crypto/aead.hpp"
#include "tests/abuse/good_peer.hpp"
#include "tests/abuse/node_process.hpp"
#include "tests/abuse/secured_socket.hpp"
#include "tests/abuse/socket.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mexport::abuse {

/// Whether the build is too slow for the numbers and the times of a scenario: with sanitizers.
inline constexpr bool kThinned = MEXPORT_ABUSE_THINNED;

/// So many, or a tenth of it in a thinned run.
constexpr std::size_t amount(std::size_t full) {
  return kThinned ? (full + 9) / 10 : full;
}

inline constexpr std::size_t kMiB = 1024 * 1024;
/// What an abuse may cost, meanwhile and afterwards.
inline constexpr std::size_t kMaxGrowth = 16 * kMiB;

using Counters = std::map<std::string, std::uint64_t>;

/// A node under attack. Good peers come before, meanwhile and right after, and find it as ever; its
/// memory stays where it was; it stops in order and its trace is whole. A second node, which nobody
/// attacks, tells what the machine takes for the same now, with all else that runs on it.
class Abuse : public testing::Test {
 protected:
  /// Starts the node. Once, first.
  void start(const NodeSetup& setup = {});
  NodeProcess& node() { return *node_; }

  /// Runs `attack` on a thread of its own while good peers come and go.
  void under(const std::function<void()>& attack);
  /// Ends the node, which must do so in order, and tells what it has counted.
  Counters stop();

  /// One of the node's would-be peers.
  Socket connect(std::size_t index = 0) { return Socket(node().port(), Source::of(index)); }
  /// With an identity of its own.
  SecuredSocket connect_secured(std::size_t index = 0);
  SecuredSocket connect_secured(std::size_t index, const Identity& identity);

 private:
  using Times = std::vector<std::chrono::nanoseconds>;

  void warm_up();
  void exchange(const char* when);
  void expect_prompt(const char* when);
  void expect_settled(std::size_t before);

  std::unique_ptr<NodeProcess> node_;
  std::unique_ptr<GoodPeers> good_;
  std::unique_ptr<NodeProcess> other_node_;
  std::unique_ptr<GoodPeers> good_elsewhere_;
  crypto::Aead aead_;  // for the attack's thread alone
  Times times_;
  Times times_elsewhere_;
};

}  // namespace mexport::abuse
