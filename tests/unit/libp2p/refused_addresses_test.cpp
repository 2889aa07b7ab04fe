// SPDX-License-Identifier: MIT
#include "libp2p/refused_addresses.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p {
namespace {

using multiformats::IpAddress;
using namespace std::chrono_literals;

const base::SteadyTime kStart{1h};

IpAddress ip4(std::uint32_t number) {
  return IpAddress::ip4(static_cast<std::uint8_t>(number >> 24),
                        static_cast<std::uint8_t>(number >> 16),
                        static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number));
}

TEST(RefusedAddresses, AreRememberedForAWhile) {
  RefusedAddresses refused;
  EXPECT_FALSE(refused.remembers(ip4(1), kStart));
  refused.remember(ip4(1), kStart);
  EXPECT_TRUE(refused.remembers(ip4(1), kStart));
  EXPECT_FALSE(refused.remembers(ip4(2), kStart));
  EXPECT_TRUE(refused.remembers(ip4(1), kStart + kRefusalRemembered - 1ms));
  EXPECT_FALSE(refused.remembers(ip4(1), kStart + kRefusalRemembered));
}

TEST(RefusedAddresses, AnotherRefusalBeginsTheWhileAnew) {
  RefusedAddresses refused;
  refused.remember(ip4(1), kStart);
  refused.remember(ip4(1), kStart + 30min);
  EXPECT_EQ(refused.size(), 1U);
  EXPECT_TRUE(refused.remembers(ip4(1), kStart + kRefusalRemembered + 29min));
}

TEST(RefusedAddresses, AreBoundedAndTheOldestGivesWay) {
  RefusedAddresses refused;
  for (std::uint32_t i = 0; i <= kMaxRefusedAddresses; ++i) {
    refused.remember(ip4(i), kStart + std::chrono::milliseconds(i));
  }
  EXPECT_EQ(refused.size(), kMaxRefusedAddresses);
  const auto now = kStart + 1min;
  EXPECT_FALSE(refused.remembers(ip4(0), now));
  EXPECT_TRUE(refused.remembers(ip4(1), now));
  EXPECT_TRUE(refused.remembers(ip4(kMaxRefusedAddresses), now));
}

TEST(RefusedAddresses, OldOnesGoWithTheNext) {
  RefusedAddresses refused;
  refused.remember(ip4(1), kStart);
  refused.remember(ip4(2), kStart + 2 * kRefusalRemembered);
  EXPECT_EQ(refused.size(), 1U);
}

TEST(RefusedAddresses, AnIPv6NetworkIsOneAndAMappedAddressIsIPv4) {
  RefusedAddresses refused;
  const auto ip6 = [](const char* text) { return multiformats::parse_ip6(text).value(); };
  refused.remember(ip6("2001:db8:0:1::1"), kStart);
  EXPECT_TRUE(refused.remembers(ip6("2001:db8:0:1:ffff::2"), kStart));
  EXPECT_FALSE(refused.remembers(ip6("2001:db8:0:2::1"), kStart));
  refused.remember(ip6("::ffff:1.2.3.4"), kStart);
  EXPECT_TRUE(refused.remembers(ip4(0x01020304), kStart));
}

}  // namespace
}  // namespace mexport::libp2p
