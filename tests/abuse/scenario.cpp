// SPDX-License-Identifier: MIT
#include "tests/abuse/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

namespace mexport::abuse {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// For a whole exchange, from the first byte to the first answer.
constexpr milliseconds kPrompt{kThinned ? 3000 : 100};
/// Or, where even a node that nobody attacks takes long, for so many times as much.
constexpr int kBusyFactor = 3;
constexpr std::size_t kWarmUps = 5;
constexpr std::size_t kMinExchanges = 5;
constexpr milliseconds kPause{20};
/// Until what an attack has left is gone: written, and given back to the system, which the node
/// looks after every five seconds.
constexpr std::chrono::seconds kSettle{20};

double in_ms(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::chrono::nanoseconds median(std::vector<std::chrono::nanoseconds> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

std::size_t growth(std::size_t before, std::size_t now) {
  return now > before ? now - before : 0;
}

void note(const std::string& name, const std::string& value) {
  testing::Test::RecordProperty(name, value);
  fmt::print("  {}: {}\n", name, value);
}

}  // namespace

void Abuse::start(const NodeSetup& setup) {
  node_ = std::make_unique<NodeProcess>(setup);
  good_ = std::make_unique<GoodPeers>(node_->address());
  other_node_ = std::make_unique<NodeProcess>();
  good_elsewhere_ = std::make_unique<GoodPeers>(other_node_->address());
}

SecuredSocket Abuse::connect_secured(std::size_t index) {
  return connect_secured(index, Identity::create());
}

SecuredSocket Abuse::connect_secured(std::size_t index, const Identity& identity) {
  return {connect(index), identity, aead_};
}

void Abuse::exchange(const char* when) {
  const auto took = good_->exchange();
  ASSERT_TRUE(took) << "a good peer got no answer " << when;
  times_.push_back(*took);
  const auto elsewhere = good_elsewhere_->exchange();
  ASSERT_TRUE(elsewhere) << "the machine has no time " << when;
  times_elsewhere_.push_back(*elsewhere);
}

void Abuse::warm_up() {
  for (std::size_t i = 0; i < kWarmUps; ++i) ASSERT_NO_FATAL_FAILURE(exchange("before"));
  times_.clear();
  times_elsewhere_.clear();
}

void Abuse::under(const std::function<void()>& attack) {
  ASSERT_NO_FATAL_FAILURE(warm_up());
  const auto before = node_->memory();
  node_->reset_peak();

  auto running = std::async(std::launch::async, attack);
  do {
    ASSERT_NO_FATAL_FAILURE(exchange("meanwhile"));
  } while (running.wait_for(kPause) != std::future_status::ready || times_.size() < kMinExchanges);
  running.get();
  ASSERT_TRUE(node_->running()) << node_->log();

  const auto grown = growth(before, node_->peak_memory());
  note("peak growth, KiB", fmt::format("{}", grown / 1024));
  EXPECT_TRUE(kThinned || grown <= kMaxGrowth) << "memory meanwhile";
  expect_prompt("meanwhile");
  for (std::size_t i = 0; i < kMinExchanges; ++i) {
    ASSERT_NO_FATAL_FAILURE(exchange("right after"));
  }
  expect_prompt("right after");
  expect_settled(before);
}

/// The median: a busy machine may delay one. Of those since the last time.
void Abuse::expect_prompt(const char* when) {
  const auto here = median(times_);
  const auto elsewhere = median(times_elsewhere_);
  note(fmt::format("{}, ms", when),
       fmt::format("median {:.1f}, worst {:.1f} of {}; elsewhere {:.1f}", in_ms(here),
                   in_ms(std::ranges::max(times_)), times_.size(), in_ms(elsewhere)));
  EXPECT_LE(here, std::max<std::chrono::nanoseconds>(kPrompt, kBusyFactor * elsewhere)) << when;
  times_.clear();
  times_elsewhere_.clear();
}

void Abuse::expect_settled(std::size_t before) {
  const auto deadline = steady_clock::now() + kSettle;
  auto grown = growth(before, node_->memory());
  while (!kThinned && grown > kMaxGrowth && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(100));
    grown = growth(before, node_->memory());
  }
  note("growth afterwards, KiB", fmt::format("{}", grown / 1024));
  EXPECT_TRUE(kThinned || grown <= kMaxGrowth) << "memory afterwards";
}

Counters Abuse::stop() {
  good_.reset();
  good_elsewhere_.reset();
  other_node_.reset();
  EXPECT_EQ(node_->stop(), 0) << node_->log();
  EXPECT_EQ(node_->verify_trace(), "");
  return node_->counters();
}

}  // namespace mexport::abuse
