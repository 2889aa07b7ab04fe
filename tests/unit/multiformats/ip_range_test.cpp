// SPDX-License-Identifier: MIT
#include "multiformats/ip_range.hpp"

#include "multiformats/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::multiformats {
namespace {

IpAddress ip(const std::string& text) {
  return (text.contains(':') ? parse_ip6(text) : parse_ip4(text)).value();
}

IpRange range(std::string_view text) {
  return IpRange::from_string(text).value();
}

TEST(IpRange, HoldsWhatItsPrefixSays) {
  const auto ten = range("/ip4/10.0.0.0/ipcidr/8");
  EXPECT_TRUE(ten.contains(ip("10.255.0.1")));
  EXPECT_FALSE(ten.contains(ip("11.0.0.0")));
  EXPECT_FALSE(ten.contains(ip("a00::")));
  const auto odd = range("/ip4/172.16.0.0/ipcidr/12");
  EXPECT_TRUE(odd.contains(ip("172.31.255.255")));
  EXPECT_FALSE(odd.contains(ip("172.32.0.0")));
  EXPECT_FALSE(odd.contains(ip("172.15.255.255")));
  const auto six = range("/ip6/fe80::/ipcidr/10");
  EXPECT_TRUE(six.contains(ip("febf::1")));
  EXPECT_FALSE(six.contains(ip("fec0::1")));
}

TEST(IpRange, ReadsCidrBlocks) {
  EXPECT_EQ(IpRange::from_cidr("203.0.113.7/24"), range("/ip4/203.0.113.0/ipcidr/24"));
  EXPECT_EQ(IpRange::from_cidr("2001:db8::1/32"), range("/ip6/2001:db8::/ipcidr/32"));
  EXPECT_EQ(IpRange::from_cidr("0.0.0.0/0"), range("/ip4/0.0.0.0/ipcidr/0"));
  EXPECT_EQ(IpRange::from_cidr("203.0.113.7"), range("/ip4/203.0.113.7/ipcidr/32"));
  EXPECT_EQ(IpRange::from_cidr("::1"), range("/ip6/::1/ipcidr/128"));
  for (const auto* const wrong : {"", "/", "/24", "203.0.113.7/", "203.0.113.7/33", "::1/129",
                                  "203.0.113/24", "203.0.113.7/24/1", "203.0.113.7/-1", "here"}) {
    EXPECT_FALSE(IpRange::from_cidr(wrong)) << wrong;
  }
}

TEST(IpRange, WholeAndSingle) {
  EXPECT_TRUE(range("/ip4/0.0.0.0/ipcidr/0").contains(ip("203.0.113.7")));
  EXPECT_FALSE(range("/ip4/0.0.0.0/ipcidr/0").contains(ip("::1")));
  EXPECT_TRUE(range("/ip4/1.2.3.4/ipcidr/32").contains(ip("1.2.3.4")));
  EXPECT_FALSE(range("/ip4/1.2.3.4/ipcidr/32").contains(ip("1.2.3.5")));
  EXPECT_TRUE(range("/ip6/::1/ipcidr/128").contains(ip("::1")));
}

TEST(IpRange, MatchesV4MappedAsV4) {
  EXPECT_TRUE(range("/ip4/10.0.0.0/ipcidr/8").contains(ip("::ffff:10.1.2.3")));
  EXPECT_FALSE(range("/ip6/::/ipcidr/0").contains(ip("::ffff:10.1.2.3")));
  EXPECT_TRUE(range("/ip6/::ffff:10.0.0.0/ipcidr/104").contains(ip("::ffff:10.1.2.3")));
}

TEST(IpRange, ClearsBitsBehindThePrefix) {
  EXPECT_EQ(range("/ip4/10.1.2.3/ipcidr/12").to_string(), "/ip4/10.0.0.0/ipcidr/12");
  EXPECT_EQ(range("/ip6/fc00::1/ipcidr/7").to_string(), "/ip6/fc00::/ipcidr/7");
}

TEST(IpRange, RefusesOtherForms) {
  for (const auto* text :
       {"/ip4/10.0.0.0", "/ip4/10.0.0.0/ipcidr/33", "/ip6/::/ipcidr/129", "/ipcidr/8",
        "/dns/x/ipcidr/8", "/ip4/10.0.0.0/tcp/8", "/ip4/10.0.0.0/ipcidr/8/tcp/1"}) {
    EXPECT_EQ(IpRange::from_string(text).error(), Error::bad_address_range) << text;
  }
  EXPECT_EQ(IpRange::from_string("10.0.0.0/8").error(), Error::bad_multiaddr);
}

TEST(IpRange, ServerProfile) {
  const auto ranges = server_profile_ranges();
  for (const auto* text :
       {"10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.0.0.1",
        "192.0.2.1", "192.168.1.1", "198.19.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1",
        "100::1", "2001:2::1", "2001:db8::1", "fc00::1", "fe80::1", "::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(any_contains(ranges, ip(text))) << text;
  }
  for (const auto* text : {"8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2001:4860::8888",
                           "2606:4700::1111", "100:0:0:1::1", "2001:2:1::1"}) {
    EXPECT_FALSE(any_contains(ranges, ip(text))) << text;
  }
}

TEST(IpClass, EachAddressIsOfOneClass) {
  struct Sample {
    const char* text;
    bool is_private;
    bool is_unroutable;
  };
  for (const auto& sample :
       {Sample{"127.0.0.1", true, false}, Sample{"::1", true, false},
        Sample{"10.1.1.1", true, false}, Sample{"fd00::1", true, false},
        Sample{"fe80::1", true, false}, Sample{"169.254.1.1", true, false},
        Sample{"0.0.0.0", false, true}, Sample{"224.0.0.1", false, true},
        Sample{"192.88.99.1", false, true}, Sample{"ff02::1", false, true},
        Sample{"2001:db8::1", false, true}, Sample{"8.8.8.8", false, false},
        Sample{"2606:4700::1", false, false}, Sample{"::ffff:10.0.0.1", true, false}}) {
    EXPECT_EQ(is_private(ip(sample.text)), sample.is_private) << sample.text;
    EXPECT_EQ(is_unroutable(ip(sample.text)), sample.is_unroutable) << sample.text;
    EXPECT_EQ(is_public(ip(sample.text)), !sample.is_private && !sample.is_unroutable)
        << sample.text;
  }
  EXPECT_FALSE(is_public(ip("4000::1")));
  EXPECT_FALSE(is_public(ip("::")));
}

TEST(IpClass, Loopback) {
  EXPECT_TRUE(is_loopback(ip("127.255.0.1")));
  EXPECT_TRUE(is_loopback(ip("::1")));
  EXPECT_TRUE(is_loopback(ip("::ffff:127.0.0.1")));
  EXPECT_FALSE(is_loopback(ip("128.0.0.1")));
  EXPECT_FALSE(is_loopback(ip("::2")));
}

}  // namespace
}  // namespace mexport::multiformats
