// SPDX-License-Identifier: MIT
#include "export/amqp/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::exporter::amqp {
namespace {

using testing::HasSubstr;
using testing::Not;

Address parsed(std::string_view text) {
  const auto address = parse_address(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(Address{});
}

void expect_error(std::string_view text, AddressError error) {
  const auto address = parse_address(text);
  ASSERT_FALSE(address) << text;
  EXPECT_EQ(address.error(), error) << text << ": " << to_string(address.error());
}

TEST(AmqpAddress, FillsInWhatIsLeftOut) {
  EXPECT_EQ(parsed("amqp://"), Address{});
  EXPECT_EQ(parsed("AMQP://rmq").host, "rmq");
  EXPECT_EQ(parsed("amqp://rmq").port, 5672);
  EXPECT_EQ(parsed("amqps://rmq").port, 5671);
  EXPECT_TRUE(parsed("amqps://rmq").tls);
  EXPECT_EQ(parsed("amqp://rmq:7").port, 7);
  EXPECT_EQ(parsed("amqp://rmq:").port, 5672);
  EXPECT_EQ(parsed("amqp://me@rmq").user, "me");
  EXPECT_EQ(parsed("amqp://me@rmq").password.reveal(), "guest");
  EXPECT_EQ(parsed("amqp://me:@rmq").password.reveal(), "");
}

TEST(AmqpAddress, DecodesPercents) {
  const auto address = parsed("amqp://m%40e:p%2Fw%3a@rmq:5672/%2f");
  EXPECT_EQ(address.user, "m@e");
  EXPECT_EQ(address.password.reveal(), "p/w:");
  EXPECT_EQ(address.vhost, "/");
  EXPECT_EQ(parsed("amqp://rmq/a%2Fb").vhost, "a/b");
  EXPECT_EQ(parsed("amqp://u:p@ss@rmq/v").password.reveal(), "p@ss");
  EXPECT_EQ(parsed("amqp://u:a:b@rmq/v").password.reveal(), "a:b");
}

TEST(AmqpAddress, TakesTheWholePathForTheVhost) {
  EXPECT_EQ(parsed("amqp://rmq/").vhost, "/");
  EXPECT_EQ(parsed("amqp://rmq/ipfs").vhost, "ipfs");
  EXPECT_EQ(parsed("amqp://rmq/ipfs?heartbeat=7#x").vhost, "ipfs");
}

TEST(AmqpAddress, TakesIpAddresses) {
  EXPECT_EQ(parsed("amqp://192.0.2.1:1/").host, "192.0.2.1");
  EXPECT_EQ(parsed("amqp://[2001:db8::1]:7").host, "2001:db8::1");
  EXPECT_EQ(parsed("amqp://[2001:db8::1]:7").port, 7);
  EXPECT_EQ(parsed("amqps://u:p@[::1]/v").host, "::1");
  EXPECT_EQ(parsed("amqp://[fe80::1%25eth0]").host, "fe80::1%eth0");
}

TEST(AmqpAddress, SaysWhatIsWrong) {
  expect_error("", AddressError::no_scheme);
  expect_error("rmq:5672", AddressError::no_scheme);
  expect_error("http://rmq", AddressError::no_scheme);
  expect_error("amqp://rmq:0", AddressError::bad_port);
  expect_error("amqp://rmq:65536", AddressError::bad_port);
  expect_error("amqp://rmq:5672x", AddressError::bad_port);
  expect_error("amqp://u:a/b@rmq", AddressError::bad_port);
  expect_error("amqp://2001:db8::1", AddressError::bad_port);
  expect_error("amqp://r mq", AddressError::bad_host);
  expect_error("amqp://[::1", AddressError::bad_host);
  expect_error("amqp://[rmq]", AddressError::bad_host);
  expect_error("amqp://[::1]5", AddressError::bad_host);
  expect_error("amqp://rmq/a/b", AddressError::bad_vhost);
  expect_error("amqp://rmq/" + std::string(256, 'v'), AddressError::bad_vhost);
  expect_error("amqp://rmq/%2", AddressError::bad_escape);
  expect_error("amqp://u:%zz@rmq", AddressError::bad_escape);
  expect_error("amqp://u:a%00b@rmq", AddressError::bad_character);
  expect_error("amqp://" + std::string(256, 'u') + ":p@rmq", AddressError::bad_user);
  expect_error("amqp://" + std::string(kMaxAddressSize, 'h'), AddressError::too_long);
}

TEST(AmqpAddress, NeverShowsThePassword) {
  EXPECT_EQ(parsed("amqp://me:geheim@rmq/%2f").to_string(), "amqp://me:(hidden)@rmq:5672/%2F");
  EXPECT_EQ(parsed("amqps://m%20e@[::1]/v").to_string(), "amqps://m%20e:(hidden)@[::1]:5671/v");
  for (const auto* text : {"amqp://u:gehe/im@h", "amqp://u:gehe%0im@h", "amqp://u:geheim@h:x"}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address);
    EXPECT_THAT(std::string(to_string(address.error())), Not(HasSubstr("gehe")));
  }
}

TEST(AmqpAddress, ReadsWhatItShows) {
  for (const auto* text :
       {"amqp://", "amqps://a:b@[::1]:9/x%2Fy", "amqp://%25@h/%C3%A9", "amqp://[fe80::1%25e]"}) {
    const auto shown = parsed(text).to_string();
    EXPECT_EQ(parsed(shown).to_string(), shown);
  }
}

TEST(AmqpAddresses, AreTriedInTheirOrder) {
  const auto list = parse_addresses(" amqp://a , amqps://b:1/v,amqp://c,\n");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ((*list)[0].host, "a");
  EXPECT_EQ((*list)[1].host, "b");
  EXPECT_EQ((*list)[2].host, "c");
  EXPECT_TRUE(parse_addresses("")->empty());
}

TEST(AmqpAddresses, KeepACommaThatIsAPasswords) {
  const auto list = parse_addresses("amqp://u:a,b@h,amqp://i");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[0].password.reveal(), "a,b");
}

TEST(AmqpAddresses, AreAllChecked) {
  EXPECT_EQ(parse_addresses("amqp://a,amqp://b:x").error(), AddressError::bad_port);
  EXPECT_EQ(parse_addresses("amqp://a,b").error(), AddressError::bad_host);
  std::string many;
  for (std::size_t i = 0; i <= kMaxBrokers; ++i) many += "amqp://h,";
  EXPECT_EQ(parse_addresses(many).error(), AddressError::too_many);
}

}  // namespace
}  // namespace mexport::exporter::amqp
