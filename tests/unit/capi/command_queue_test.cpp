// SPDX-License-Identifier: MIT
#include "capi/command_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>

namespace mexport::capi {
namespace {

using std::chrono::milliseconds;

class CommandQueueTest : public ::testing::Test {
 protected:
  std::string next() {
    const auto found = queue.next(buffer.data(), buffer.size(), milliseconds(0));
    return std::string(buffer.data(), found.size);
  }

  CommandQueue queue;
  std::array<char, 256> buffer{};
};

TEST_F(CommandQueueTest, GivesCommandsInTheirOrder) {
  EXPECT_EQ(next(), "");
  queue.push("one");
  queue.log(base::LogLevel::warn, "amqp", "a \"broker\"");
  EXPECT_EQ(next(), "one");
  EXPECT_EQ(next(), R"({"command":"log","level":"warn","component":"amqp","text":"a \"broker\""})");
  EXPECT_EQ(next(), "");
}

TEST_F(CommandQueueTest, OneThatDoesNotFitStays) {
  queue.push("12345");
  std::array<char, 4> small{};
  EXPECT_EQ(queue.next(small.data(), small.size(), milliseconds(0)).size, 5U);
  EXPECT_EQ(next(), "12345");
}

TEST_F(CommandQueueTest, LogLinesBeyondTheLimitAreCounted) {
  for (std::size_t i = 0; i < CommandQueue::kMaxLogLines + 3; ++i) {
    queue.log(base::LogLevel::info, "a", "x");
  }
  queue.push("command");
  for (std::size_t i = 0; i < CommandQueue::kMaxLogLines; ++i) EXPECT_NE(next(), "");
  EXPECT_EQ(next(), "command") << "commands are never lost";
  queue.log(base::LogLevel::info, "a", "y");
  EXPECT_NE(next().find("3 lines were lost"), std::string::npos);
  EXPECT_NE(next().find(R"("text":"y")"), std::string::npos);
}

TEST_F(CommandQueueTest, WhoWaitsIsWokenByACommandAndByTheEnd) {
  std::thread pusher([&] { queue.push("late"); });
  EXPECT_EQ(queue.next(buffer.data(), buffer.size(), std::nullopt).size, 4U);
  pusher.join();
  queue.push("last");
  std::thread closer([&] { queue.close(); });
  EXPECT_EQ(queue.next(buffer.data(), buffer.size(), std::nullopt).size, 4U);
  const auto ended = queue.next(buffer.data(), buffer.size(), std::nullopt);
  EXPECT_EQ(ended.size, 0U);
  EXPECT_EQ(ended.ended, CommandQueue::Ended::closed);
  closer.join();
}

}  // namespace
}  // namespace mexport::capi
