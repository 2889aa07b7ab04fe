// SPDX-License-Identifier: MIT
#include "app/descriptors.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

namespace mexport::app {
namespace {

TEST(Descriptors, TheSoftLimitIsRaisedToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lower = before;
  lower.rlim_cur = before.rlim_max / 2;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);

  const auto limit = raise_descriptor_limit();
  EXPECT_EQ(limit.before, lower.rlim_cur);
  EXPECT_EQ(limit.now, before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(Descriptors, SomeAreKeptForWhatIsNoConnection) {
  const auto room = connection_room(10'000, 2, 160);
  EXPECT_EQ(room.kept, kKeptForFiles + kKeptForHttp + kKeptForListeners + 2 * kKeptPerShard + 160);
  EXPECT_EQ(room.connections, 10'000 - room.kept);
  EXPECT_EQ(connection_room(100, 2, 160).connections, 50U) << "half of a few";
}

TEST(Descriptors, BoundTheConnections) {
  const ConnectionRoom room{.kept = 0, .connections = 5'000};
  EXPECT_EQ(connection_limit(0, room), 5'000U);
  EXPECT_EQ(connection_limit(300, room), 300U);
  EXPECT_EQ(connection_limit(6'000, room), 5'000U);
  const ConnectionRoom wide{.kept = 0, .connections = 1'000'000};
  EXPECT_EQ(connection_limit(0, wide), kMaxDerivedConnections);
  EXPECT_EQ(connection_limit(200'000, wide), 200'000U);
}

}  // namespace
}  // namespace mexport::app
