// SPDX-License-Identifier: MIT
#include "config/render_config.hpp"

#include "config/identity.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using test::parse_good;
using testing::HasSubstr;
using testing::Not;

TEST(RenderConfig, IsItsOwnInput) {
  auto config = parse_good(R"({
    "Addresses": {"Swarm": ["/ip4/127.0.0.1/tcp/0"], "NoAnnounce": ["/ip4/10.0.0.0/ipcidr/8"]},
    "Bootstrap": ["auto", "/dnsaddr/x.example/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
    "Peering": {"Peers": [{"ID": "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ", "Addrs": []}]},
    "Plugins": {"Plugins": {"metric-export-plugin": {"Config": {
        "MonitorName": "m", "Contact": "a@b",
        "Traces": {"MaxAge": "14d", "MaxBytes": "1536MiB"},
        "Privacy": {"Addresses": "prefix", "Peers": "keyed", "KeyFile": "/k"},
        "Exclude": {"Peers": ["QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
                    "Subnets": ["::1"]},
        "HTTPServerConfig": {"ListenAddresses": ["[::1]:80"]}}}}},
    "Mexport": {"Network": "public", "Shards": 3}})");
  const auto text = render_config(config);
  EXPECT_EQ(render_config(parse_good(text)), text);
  EXPECT_THAT(text, HasSubstr("\"Shards\": 3"));
  EXPECT_THAT(text, HasSubstr("\"[::1]:80\""));
  EXPECT_THAT(text, HasSubstr("\"/ip6/::1/ipcidr/128\""));
  EXPECT_THAT(text, HasSubstr("\"keyed\""));
  EXPECT_THAT(text, HasSubstr("\"MaxAge\": \"2w\""));
  EXPECT_THAT(text, HasSubstr("\"MaxBytes\": \"1536MiB\""));
}

TEST(RenderConfig, HidesSecrets) {
  auto config = parse_good(test::identity_document());
  config.monitor.amqp_server_address = "amqp://me:geheim@rmq:5672/%2f";
  const auto text = render_config(config);
  EXPECT_THAT(text, HasSubstr("\"PrivKey\": \"(hidden)\""));
  EXPECT_THAT(text, HasSubstr("amqp://me:(hidden)@rmq:5672/%2f"));
  EXPECT_THAT(text, HasSubstr(test::kPeerId));
  EXPECT_THAT(text, Not(HasSubstr("geheim")));
  EXPECT_THAT(text, Not(HasSubstr(std::string(test::kPrivateKey).substr(4, 10))));
}

TEST(RenderConfig, IsIndented) {
  EXPECT_THAT(render_config(default_config()),
              testing::StartsWith("{\n  \"Addresses\": {\n    \"Swarm\": [\n      \"/ip4/0.0.0.0"));
}

TEST(HidePassword, KeepsTheRest) {
  EXPECT_EQ(hide_password("amqp://localhost:5672"), "amqp://localhost:5672");
  EXPECT_EQ(hide_password("amqps://u:p@h/%2f"), "amqps://u:(hidden)@h/%2f");
  EXPECT_EQ(hide_password("amqp://u@h:1"), "amqp://u@h:1");
  EXPECT_EQ(hide_password("amqp://u:p:q/r@s@h:1"), "amqp://u:(hidden)@h:1");
  EXPECT_EQ(hide_password("u:p@h"), "u:(hidden)@h");
  EXPECT_EQ(hide_password(""), "");
}

TEST(RenderInitialConfig, HoldsTheIdentity) {
  const auto identity = identity_from_base64(test::kPrivateKey);
  ASSERT_TRUE(identity);
  const auto config = parse_good(render_initial_config(*identity));
  ASSERT_TRUE(config.identity);
  EXPECT_EQ(config.identity->peer_id.to_string(), test::kPeerId);
  EXPECT_EQ(config.addresses.swarm.size(), 2U);
  EXPECT_TRUE(config.bootstrap.automatic);
}

TEST(WithIdentity, KeepsWhatIsThere) {
  const auto identity = identity_from_base64(test::kPrivateKey).value();
  const auto text = with_identity(R"({"Datastore":{"a":[1,{}]},"Mexport":{"Shards":2}})", identity);
  EXPECT_THAT(text, HasSubstr("\"Datastore\""));
  const auto config = parse_good(text);
  EXPECT_EQ(config.node.shards, 2U);
  EXPECT_TRUE(config.identity);
}

TEST(ConfigHash, TellsConfigurationsApart) {
  auto config = default_config();
  const auto before = config_hash(config);
  EXPECT_EQ(before.size(), 64U);
  EXPECT_EQ(config_hash(default_config()), before);
  config.node.shards = 5;
  EXPECT_NE(config_hash(config), before);
}

}  // namespace
}  // namespace mexport::config
