// SPDX-License-Identifier: MIT
// An orderly end in the middle of everything.
#include "tests/abuse/scenario.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <sys/resource.h>
#include <thread>

namespace mexport::abuse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t kConnections = 5000;
constexpr seconds kMaxStop{kThinned ? 30 : 5};
constexpr seconds kLoad{2};
/// Of one sender, so that some five thousand messages come each second.
constexpr std::size_t kMessagesPerPause = 50;
constexpr milliseconds kPause{10};

class Stop : public Abuse {
 protected:
  Stop() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }

  void connect_all() {
    for (std::size_t i = 0; i < amount(kConnections); ++i) {
      peers_.push_back(connect_secured(i));
      ASSERT_TRUE(peers_.back().send(open_stream(1, "/ipfs/bitswap/1.2.0")));
    }
  }

  /// Wantlists from all in turn, until the node closes their connections.
  std::uint64_t send_until_closed() {
    const auto message = wantlist(5, true);
    const auto frame = data(1, message);
    std::uint64_t sent = 0;
    for (std::size_t at = 0; !done_; ++at) {
      auto& peer = peers_[at % peers_.size()];
      if (peer.socket().discard() && peer.send(frame)) ++sent;
      if (at % kMessagesPerPause == 0) std::this_thread::sleep_for(kPause);
    }
    return sent;
  }

  std::size_t unfinished_files() {
    std::size_t found = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(node().trace_directory())) {
      if (entry.is_regular_file() && entry.path().extension() != ".gz") ++found;
    }
    return found;
  }

  std::vector<SecuredSocket> peers_;
  std::atomic<bool> done_ = false;
};

TEST_F(Stop, FiveThousandConnectionsUnderLoad) {
  start();
  ASSERT_NO_FATAL_FAILURE(connect_all());
  auto sending = std::async(std::launch::async, [this] { return send_until_closed(); });
  std::this_thread::sleep_for(kLoad);

  const auto begin = steady_clock::now();
  EXPECT_EQ(node().stop(), 0) << node().log();
  const auto took = steady_clock::now() - begin;
  done_ = true;
  const auto sent = sending.get();
  fmt::print("  stopped within {} ms, {} messages sent\n",
             std::chrono::duration_cast<milliseconds>(took).count(), sent);
  EXPECT_LE(took, kMaxStop);
  EXPECT_GT(sent, amount(1000));

  EXPECT_EQ(node().verify_trace(), "");
  EXPECT_EQ(unfinished_files(), 0U);
  EXPECT_NE(node().log().find(" 0 lost"), std::string::npos) << node().log();
  auto counters = node().counters();
  EXPECT_EQ(counters["connected"], amount(kConnections));
  EXPECT_GT(counters["bitswap_messages"], 0);
  EXPECT_LE(counters["bitswap_messages"], sent);
  EXPECT_EQ(node().events("bitswap_message").size(), counters["bitswap_messages"]);
  // Each begins and ends.
  EXPECT_EQ(node().events("connection_event").size(), 2 * counters["connected"]);
}

}  // namespace
}  // namespace mexport::abuse
