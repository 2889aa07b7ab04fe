// SPDX-License-Identifier: MIT
// A process that works on its spool is killed at random instants; the next one goes on.
#include "export/spool/spool.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mexport::exporter {
namespace {

constexpr const char* kKey = "monitor.m.bitswap_messages";
constexpr std::uint64_t kWaiting = 40;  // so many wait before the oldest are passed
constexpr int kRounds = 8;

/// What the child said that it has done before it was killed.
struct Said {
  std::uint64_t appended = 0;  ///< first not yet said to be taken
  std::uint64_t passed = 0;    ///< first not yet said to be through
};

SpooledBody body_of(std::uint64_t number) {
  SpooledBody body;
  body.routing_key = kKey;
  body.run_id = "run";
  body.first = body.last = number;
  body.events = 1;
  body.body.assign(200 + number % 7 * 3000, static_cast<std::uint8_t>(number));
  return body;
}

std::unique_ptr<Spool> open_spool(const std::string& path) {
  auto spool = Spool::open(path, {.min_free_bytes = 0, .survive_power_loss = false});
  EXPECT_TRUE(spool) << spool.error().message();
  return spool ? std::move(*spool) : nullptr;
}

/// In the child: appends, and passes what is old, until it is killed. Says each step when it is
/// done.
[[noreturn]] void work(const std::string& path, Said said, int pipe) {
  const auto spool = open_spool(path);
  for (;;) {
    std::vector<SpooledBody> bodies;
    for (std::uint64_t n = 0; n < 1 + said.appended % 5; ++n) {
      bodies.push_back(body_of(said.appended + n));
    }
    if (!spool->append(bodies)) ::_exit(1);
    said.appended += bodies.size();
    if (::write(pipe, &said, sizeof said) != sizeof said) ::_exit(2);
    if (said.appended - said.passed < kWaiting) continue;
    const auto old = spool->oldest(kKey, 0, kWaiting / 2, std::size_t{1} << 30);
    if (!old) ::_exit(3);
    const auto& last = old->back();
    if (!spool->pass(kKey, {.id = last.id, .run_id = "run", .last = last.last})) ::_exit(4);
    said.passed = last.last + 1;
    if (::write(pipe, &said, sizeof said) != sizeof said) ::_exit(5);
  }
}

/// Runs the child for that long and gives the last that it said.
Said run_and_kill(const std::string& path, Said said, std::chrono::microseconds life) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) work(path, said, pipe[1]);
  ::close(pipe[1]);
  std::thread killer([&] {
    std::this_thread::sleep_for(life);
    ::kill(child, SIGKILL);
  });
  for (Said next; ::read(pipe[0], &next, sizeof next) == sizeof next;) said = next;
  killer.join();
  ::close(pipe[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
  return said;
}

TEST(SpoolCrash, KeepsWhatItSaidAndInOrder) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.path() + "/spool";
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Said said;
  for (int round = 0; round < kRounds; ++round) {
    const std::chrono::microseconds life(20000 + random() % 80000);
    said = run_and_kill(path, said, life);
    const auto spool = open_spool(path);
    ASSERT_TRUE(spool);
    ASSERT_FALSE(spool->take_damage());
    const auto bodies = spool->oldest(kKey, 0, 1000000, std::size_t{1} << 30).value();
    // What was under way when it was killed may be done or not, as a whole.
    const auto begin = bodies.empty() ? said.appended : bodies.front().first;
    const auto end = bodies.empty() ? said.appended : bodies.back().last + 1;
    EXPECT_GE(begin, said.passed);
    EXPECT_LE(begin, said.passed + kWaiting / 2);
    EXPECT_GE(end, said.appended);
    EXPECT_LE(end, said.appended + 5);
    ASSERT_EQ(bodies.size(), end - begin);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      ASSERT_EQ(bodies[i].first, begin + i);
      ASSERT_EQ(bodies[i].body, body_of(begin + i).body);
    }
    EXPECT_EQ(spool->statistics().batches, bodies.size());
    if (begin > 0) {
      EXPECT_EQ(spool->cursor(kKey)->last, begin - 1);
    }
    said = {.appended = end, .passed = begin};
  }
  EXPECT_GT(said.passed, 0) << "it never came to passing";
}

}  // namespace
}  // namespace mexport::exporter
