// SPDX-License-Identifier: MIT
#include "multiformats/ip.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::multiformats {
namespace {

// RFC 5952, sections 2 and 4.
TEST(Ip, PrintsTheCanonicalForm) {
  constexpr std::array<std::array<const char*, 2>, 11> kVectors{{
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0db8::0001", "2001:db8::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:DB8::A", "2001:db8::a"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"::1.2.3.4", "::102:304"},
      {"::ffff:102:304", "::ffff:1.2.3.4"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  }};
  for (const auto& [input, text] : kVectors) {
    const auto address = parse_ip6(input);
    ASSERT_TRUE(address) << input;
    EXPECT_EQ(to_string(*address), text);
  }
  EXPECT_EQ(to_string(parse_ip4("255.0.10.1").value()), "255.0.10.1");
}

TEST(Ip, Refuses) {
  for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "::1"}) {
    EXPECT_FALSE(parse_ip4(text)) << text;
  }
  for (const auto* text : {"", ":", ":::", "1::2::3", "g::", "1.2.3.4", "fe80::1%eth0",
                           "12345::", "1:2:3:4:5:6:7:8:9"}) {
    EXPECT_FALSE(parse_ip6(text)) << text;
  }
  EXPECT_FALSE(parse_ip6(std::string(200, '1')));
  EXPECT_FALSE(parse_ip4(std::string_view("1.2.3.4\0x", 9)));
}

TEST(Ip, Unmaps) {
  const auto mapped = parse_ip6("::ffff:10.1.2.3").value();
  EXPECT_TRUE(mapped.is_v4_mapped());
  EXPECT_EQ(mapped.unmapped(), IpAddress::ip4(10, 1, 2, 3));
  const auto plain = parse_ip6("::1").value();
  EXPECT_FALSE(plain.is_v4_mapped());
  EXPECT_EQ(plain.unmapped(), plain);
  EXPECT_TRUE(parse_ip6("::").value().is_unspecified());
  EXPECT_FALSE(plain.is_unspecified());
}

}  // namespace
}  // namespace mexport::multiformats
