// SPDX-License-Identifier: MIT
#include "export/amqp/attempts.hpp"

#include <gtest/gtest.h>

namespace mexport::exporter::amqp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Nothing is taken off a pause.
struct NoJitter : base::Random {
  std::uint64_t next() override { return 0; }
};

struct AttemptsTest : ::testing::Test {
  NoJitter random;
  base::SteadyTime now{std::chrono::hours(1)};
};

TEST_F(AttemptsTest, GoThroughTheListAndThenPause) {
  Attempts attempts(3, {.first = milliseconds(100), .longest = milliseconds(300)}, random);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(attempts.due(now));
    EXPECT_EQ(attempts.broker(), i);
    attempts.failed(now);
  }
  EXPECT_EQ(attempts.broker(), 0U);
  EXPECT_FALSE(attempts.due(now + milliseconds(99)));
  EXPECT_TRUE(attempts.due(now + milliseconds(100)));
}

TEST_F(AttemptsTest, PauseLongerEachTime) {
  Attempts attempts(1, {.first = milliseconds(100), .longest = milliseconds(300)}, random);
  for (const int pause : {100, 200, 300, 300}) {
    attempts.failed(now);
    EXPECT_FALSE(attempts.due(now + milliseconds(pause - 1)));
    now += milliseconds(pause);
    EXPECT_TRUE(attempts.due(now));
  }
}

TEST_F(AttemptsTest, TryAProvenBrokerAgainAtOnce) {
  Attempts attempts(2, {}, random);
  attempts.failed(now);
  EXPECT_EQ(attempts.broker(), 1U);
  attempts.lost(now, now + seconds(11));
  EXPECT_TRUE(attempts.due(now + seconds(11)));
  EXPECT_EQ(attempts.broker(), 1U);
  attempts.lost(now, now + seconds(1));  // taken and dropped: as if it had failed
  EXPECT_EQ(attempts.broker(), 0U);
}

}  // namespace
}  // namespace mexport::exporter::amqp
