// SPDX-License-Identifier: MIT
#include "libp2p/tcp/poller.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mexport::libp2p::tcp {
namespace {

using namespace std::chrono_literals;

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    ours = Descriptor(fds[0]);
    theirs = Descriptor(fds[1]);
  }
  void send() { EXPECT_EQ(::write(theirs.get(), "x", 1), 1); }
  void take() {
    char c = 0;
    EXPECT_EQ(::read(ours.get(), &c, 1), 1);
  }

  Descriptor ours;
  Descriptor theirs;
};

class Counting final : public Watcher {
 public:
  void on_ready(bool readable, bool writable) override {
    reads += readable ? 1 : 0;
    writes += writable ? 1 : 0;
    if (then) then();
  }
  int reads = 0;
  int writes = 0;
  std::function<void()> then;
};

base::SteadyTime soon() {
  return std::chrono::steady_clock::now() + 1ms;
}
base::SteadyTime late() {
  return std::chrono::steady_clock::now() + 20s;
}

TEST(Poller, TellsUntilWhatIsThereHasBeenRead) {
  Poller poller;
  Pair pair;
  Counting watcher;
  ASSERT_TRUE(poller.watch(pair.ours.get(), Interest::read, watcher));
  pair.send();
  EXPECT_FALSE(poller.wait(late()));
  EXPECT_FALSE(poller.wait(late()));
  EXPECT_EQ(watcher.reads, 2);
  pair.take();
  poller.wait(soon());
  EXPECT_EQ(watcher.reads, 2);
  EXPECT_EQ(watcher.writes, 0);
  poller.forget(pair.ours.get(), watcher);
}

TEST(Poller, TellsOfRoomOnlyWhereThatIsOfInterest) {
  Poller poller;
  Pair pair;
  Counting watcher;
  ASSERT_TRUE(poller.watch(pair.ours.get(), Interest::read, watcher));
  poller.change(pair.ours.get(), Interest::read_and_write, watcher);
  poller.wait(late());
  EXPECT_EQ(watcher.writes, 1);
  poller.change(pair.ours.get(), Interest::read, watcher);
  poller.wait(soon());
  EXPECT_EQ(watcher.writes, 1);
  poller.forget(pair.ours.get(), watcher);
}

TEST(Poller, AnEndCountsAsBoth) {
  Poller poller;
  Pair pair;
  Counting watcher;
  ASSERT_TRUE(poller.watch(pair.ours.get(), Interest::write, watcher));
  pair.theirs = Descriptor();
  poller.wait(late());
  EXPECT_EQ(watcher.reads, 1);
  EXPECT_EQ(watcher.writes, 1);
  poller.forget(pair.ours.get(), watcher);
}

TEST(Poller, AForgottenWatcherHearsNothingNotEvenOfWhatWasReady) {
  Poller poller;
  Pair first;
  Pair second;
  Counting a;
  Counting b;
  ASSERT_TRUE(poller.watch(first.ours.get(), Interest::read, a));
  ASSERT_TRUE(poller.watch(second.ours.get(), Interest::read, b));
  // Whoever is told first forgets the other.
  a.then = [&] { poller.forget(second.ours.get(), b); };
  b.then = [&] { poller.forget(first.ours.get(), a); };
  first.send();
  second.send();
  poller.wait(late());
  EXPECT_EQ(a.reads + b.reads, 1);
}

TEST(Poller, AWakeUpFromAnotherThreadEndsTheWait) {
  Poller poller;
  const std::jthread other([&] { poller.wake(); });
  EXPECT_TRUE(poller.wait(late()));
  EXPECT_FALSE(poller.wait(soon()));
}

TEST(Poller, ABadDescriptorIsAnError) {
  Poller poller;
  Counting watcher;
  EXPECT_EQ(poller.watch(-1, Interest::read, watcher).error(), std::errc::bad_file_descriptor);
}

}  // namespace
}  // namespace mexport::libp2p::tcp
