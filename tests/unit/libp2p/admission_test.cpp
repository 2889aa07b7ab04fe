// SPDX-License-Identifier: MIT
#include "libp2p/admission.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string_view>
#include <thread>
#include <vector>

namespace mexport::libp2p {
namespace {

using multiformats::IpAddress;

IpAddress ip4(std::string_view text) {
  return multiformats::parse_ip4(text).value();
}
IpAddress ip6(std::string_view text) {
  return multiformats::parse_ip6(text).value();
}

/// Keeps those that got in.
class Door {
 public:
  explicit Door(const AdmissionLimits& limits) : admission(limits) {}

  bool knock(const IpAddress& from) {
    auto place = admission.admit(from);
    if (place) inside.push_back(std::move(*place));
    if (!place) refusal = place.error();
    return place.has_value();
  }

  Admission admission;
  std::vector<Admission::Place> inside;
  AdmissionRefusal refusal{};
};

TEST(Admission, TotalCountsBothDirections) {
  Door door({.connections = 3, .per_address = 0});
  door.inside.push_back(door.admission.enter());
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_TRUE(door.admission.full());
  EXPECT_FALSE(door.knock(ip4("192.0.2.1")));
  EXPECT_EQ(door.refusal, AdmissionRefusal::total);
  door.inside.push_back(door.admission.enter());  // ours is counted all the same
  EXPECT_EQ(door.admission.size(), 4U);

  door.inside.clear();
  EXPECT_EQ(door.admission.size(), 0U);
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
}

TEST(Admission, PerAddress) {
  Door door({.per_address = 2});
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_TRUE(door.knock(ip6("::ffff:192.0.2.1"))) << "the same machine";
  EXPECT_FALSE(door.knock(ip4("192.0.2.1")));
  EXPECT_EQ(door.refusal, AdmissionRefusal::per_ip);
  EXPECT_TRUE(door.knock(ip4("192.0.2.2")));

  EXPECT_TRUE(door.knock(ip6("2001:db8:0:1::1")));
  EXPECT_TRUE(door.knock(ip6("2001:db8:0:1:ffff::2")));
  EXPECT_FALSE(door.knock(ip6("2001:db8:0:1::3"))) << "one /64";
  EXPECT_TRUE(door.knock(ip6("2001:db8:0:2::1")));

  door.inside.erase(door.inside.begin());
  EXPECT_TRUE(door.knock(ip4("192.0.2.1"))) << "one has left";
  EXPECT_FALSE(door.knock(ip4("192.0.2.1")));
}

TEST(Admission, PerSubnet) {
  Door door({.per_address = 2, .per_subnet = 3});
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_TRUE(door.knock(ip4("192.0.2.2")));
  EXPECT_FALSE(door.knock(ip4("192.0.2.3")));
  EXPECT_EQ(door.refusal, AdmissionRefusal::per_subnet);
  EXPECT_TRUE(door.knock(ip4("192.0.3.1")));

  for (const auto* from : {"2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"}) {
    EXPECT_TRUE(door.knock(ip6(from)));
  }
  EXPECT_FALSE(door.knock(ip6("2001:db8:0:4::1"))) << "one /48";
  EXPECT_TRUE(door.knock(ip6("2001:db8:1:1::1")));
}

TEST(Admission, SubnetsAreAsWideAsTold) {
  Door door({.per_address = 0, .per_subnet = 1, .subnet_bits_ip4 = 16, .subnet_bits_ip6 = 32});
  EXPECT_TRUE(door.knock(ip4("192.0.2.1")));
  EXPECT_FALSE(door.knock(ip4("192.0.99.1")));
  EXPECT_TRUE(door.knock(ip6("2001:db8::1")));
  EXPECT_FALSE(door.knock(ip6("2001:db8:ffff::1")));
}

TEST(Admission, RemembersLiveConnectionsAlone) {
  Door door({.connections = 0, .per_address = 1, .per_subnet = 1});
  for (int round = 0; round < 100; ++round) {
    for (std::uint8_t i = 0; i < 200; ++i) door.knock(IpAddress::ip4(10, i, 0, 1));
    EXPECT_EQ(door.admission.remembered(), 400U);
    EXPECT_FALSE(door.knock(ip4("10.0.0.1"))) << "who is refused leaves no trace";
    EXPECT_EQ(door.admission.remembered(), 400U);
    door.inside.clear();
    EXPECT_EQ(door.admission.remembered(), 0U);
  }
}

TEST(Admission, AMovedPlaceIsGivenBackOnce) {
  Door door({.per_address = 1});
  ASSERT_TRUE(door.knock(ip4("192.0.2.1")));
  Admission::Place moved = std::move(door.inside[0]);
  door.inside.clear();
  EXPECT_EQ(door.admission.size(), 1U);
  moved = Admission::Place();
  EXPECT_EQ(door.admission.size(), 0U);
}

TEST(Admission, HoldsItsLimitsWithManyThreads) {
  constexpr std::size_t kLimit = 10;
  Admission admission({.connections = kLimit, .per_address = 4});
  std::atomic<std::size_t> worst{0};
  std::array<std::thread, 4> threads;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i] = std::thread([&admission, &worst, i] {
      for (int round = 0; round < 2'000; ++round) {
        const auto from = IpAddress::ip4(10, 0, 0, static_cast<std::uint8_t>(i % 3));
        const auto place = admission.admit(from);
        const auto size = admission.size();
        if (size > worst.load()) worst = size;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(worst.load(), kLimit);
  EXPECT_EQ(admission.size(), 0U);
  EXPECT_EQ(admission.remembered(), 0U);
}

}  // namespace
}  // namespace mexport::libp2p
