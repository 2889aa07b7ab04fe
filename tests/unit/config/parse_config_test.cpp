// SPDX-License-Identifier: MIT
#include "config/parse_config.hpp"

#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mexport::config {
namespace {

using test::errors_in;
using test::kMonitorPath;
using test::monitor_document;
using test::parse_good;
using test::warnings_of;
using testing::HasSubstr;

template <class T>
std::vector<std::string> texts(const std::vector<T>& items) {
  std::vector<std::string> out;
  for (const auto& item : items) out.push_back(item.to_string());
  return out;
}

using Texts = std::vector<std::string>;

TEST(ParseConfig, EmptyDocumentIsAllDefaults) {
  const auto parsed = parse_config("{}");
  EXPECT_TRUE(parsed.report.good());
  EXPECT_TRUE(parsed.report.notices.empty());
  const auto& config = parsed.config;
  EXPECT_FALSE(config.identity);
  EXPECT_EQ(texts(config.addresses.swarm), (Texts{"/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"}));
  EXPECT_TRUE(config.bootstrap.automatic);
  EXPECT_EQ(config.monitor.populate_prometheus_interval, std::chrono::seconds(10));
  EXPECT_EQ(config.monitor.agent_version_cut_off, 20U);
  EXPECT_EQ(config.monitor.http_listen_addresses,
            (std::vector<api::ListenAddress>{{.host = "localhost", .port = 8432}}));
  EXPECT_TRUE(config.monitor.traces.enabled);
  EXPECT_EQ(config.monitor.traces.rotate_interval, std::chrono::hours(1));
  EXPECT_EQ(config.monitor.traces.rotate_bytes, 512U << 20);
  EXPECT_EQ(config.monitor.traces.max_age, std::chrono::days(90));
  EXPECT_EQ(config.monitor.traces.max_percent, 80U);
  EXPECT_FALSE(config.monitor.traces.max_bytes);
  EXPECT_EQ(config.node.network, Network::automatic);
  EXPECT_EQ(config.node.shards, 0U);
  EXPECT_TRUE(config.node.answer_dont_have);
  EXPECT_EQ(config.node.security, Security::noise);
}

TEST(ParseConfig, ReadsWhatKuboWrites) {
  const auto parsed = parse_config(test::read_file(MEXPORT_VECTORS "/config/kubo-0.43.json"));
  EXPECT_EQ(test::errors_of(parsed.report), "");
  EXPECT_EQ(warnings_of(parsed.report), "");
  const auto& config = parsed.config;
  ASSERT_TRUE(config.identity);
  EXPECT_EQ(config.identity->peer_id.to_string(), test::kPeerId);
  EXPECT_EQ(config.addresses.swarm.size(), 8U);
  EXPECT_EQ(texts(listen_addresses(config)), (Texts{"/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"}));
  EXPECT_EQ(texts(config.address_filters), (Texts{"/ip4/10.0.0.0/ipcidr/8"}));
  EXPECT_TRUE(config.bootstrap.automatic);
}

TEST(ParseConfig, ReadsEveryKey) {
  const auto config = parse_good(R"({
    "Addresses": {"Swarm": ["/ip4/127.0.0.1/tcp/0"], "Announce": ["/dns/a.example/tcp/1"],
                  "AppendAnnounce": ["/ip4/8.8.8.8/tcp/2"],
                  "NoAnnounce": ["/ip4/10.0.0.0/ipcidr/8", "/ip4/9.9.9.9/tcp/3"]},
    "Bootstrap": ["/ip4/1.2.3.4/tcp/4/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
    "Peering": {"Peers": [{"ID": "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ",
                           "Addrs": ["/ip4/1.2.3.4/tcp/5"]}]},
    "Mexport": {"Network": "private", "Shards": 2, "RestBetweenReads": 3, "Bitswap": {"AnswerDontHave": false},
                "Security": {"Prefer": "offered"},
                "Limits": {"MaxConnections": 10, "MaxConnectionsPerIP": 0, "MaxHandshakes": 3,
                           "MaxStreamsPerConnection": 7, "MaxConnectionsPerSubnet": 9,
                           "SubnetPrefixIPv4": 16, "SubnetPrefixIPv6": 32, "MaxStreams": 70,
                           "MaxBufferedBytes": 5000000,
                           "MaxBufferedBytesPerConnection": 4000000}}})");
  EXPECT_EQ(texts(config.addresses.swarm), (Texts{"/ip4/127.0.0.1/tcp/0"}));
  EXPECT_EQ(texts(config.addresses.announce), (Texts{"/dns/a.example/tcp/1"}));
  EXPECT_EQ(texts(config.addresses.append_announce), (Texts{"/ip4/8.8.8.8/tcp/2"}));
  EXPECT_EQ(texts(config.addresses.no_announce), (Texts{"/ip4/9.9.9.9/tcp/3"}));
  EXPECT_EQ(texts(config.addresses.no_announce_ranges), (Texts{"/ip4/10.0.0.0/ipcidr/8"}));
  EXPECT_FALSE(config.bootstrap.automatic);
  EXPECT_EQ(config.bootstrap.peers.size(), 1U);
  ASSERT_EQ(config.peering.size(), 1U);
  EXPECT_EQ(config.peering[0].id.to_string(), test::kOtherPeerId);
  EXPECT_EQ(texts(config.peering[0].addresses), (Texts{"/ip4/1.2.3.4/tcp/5"}));
  EXPECT_EQ(config.node.network, Network::private_network);
  EXPECT_EQ(config.node.shards, 2U);
  EXPECT_EQ(config.node.rest_between_reads.count(), 3);
  EXPECT_FALSE(config.node.answer_dont_have);
  EXPECT_EQ(config.node.security, Security::offered);
  EXPECT_EQ(config.node.limits.max_connections, 10U);
  EXPECT_EQ(config.node.limits.max_connections_per_ip, 0U);
  EXPECT_EQ(config.node.limits.max_connections_per_subnet, 9U);
  EXPECT_EQ(config.node.limits.subnet_prefix_ip4, 16);
  EXPECT_EQ(config.node.limits.subnet_prefix_ip6, 32);
  EXPECT_EQ(config.node.limits.max_handshakes, 3U);
  EXPECT_EQ(config.node.limits.max_streams_per_connection, 7U);
  EXPECT_EQ(config.node.limits.max_streams, 70U);
  EXPECT_EQ(config.node.limits.max_buffered_bytes, 5'000'000U);
  EXPECT_EQ(config.node.limits.max_buffered_bytes_per_connection, 4'000'000U);
}

TEST(ParseConfig, ReadsTheMonitorsSection) {
  const auto config = parse_good(monitor_document(R"(
    "PopulatePrometheusInterval": 30, "AgentVersionCutOff": 5.0,
    "EnableBitswapDiscoveryProbe": true, "AMQPServerAddress": "amqp://u:p@h:5672/%2f",
    "MonitorName": "de_01", "HTTPServerConfig": {"ListenAddresses": ["localhost:8432"]},
    "Traces": {"Enabled": false, "Directory": "/var/t", "RotateInterval": 60,
               "RotateBytes": 1048576})"));
  const auto& monitor = config.monitor;
  EXPECT_EQ(monitor.populate_prometheus_interval, std::chrono::seconds(30));
  EXPECT_EQ(monitor.agent_version_cut_off, 5U);
  EXPECT_TRUE(monitor.enable_bitswap_discovery_probe);
  EXPECT_EQ(monitor.amqp_server_address, "amqp://u:p@h:5672/%2f");
  EXPECT_EQ(monitor.monitor_name, "de_01");
  EXPECT_EQ(monitor.http_listen_addresses,
            (std::vector<api::ListenAddress>{{.host = "localhost", .port = 8432}}));
  EXPECT_FALSE(monitor.traces.enabled);
  EXPECT_EQ(monitor.traces.directory, "/var/t");
  EXPECT_EQ(monitor.traces.rotate_interval, std::chrono::seconds(60));
  EXPECT_EQ(monitor.traces.rotate_bytes, 1048576U);
}

TEST(ParseConfig, NullIsAbsent) {
  const auto parsed = parse_config(
      R"({"Addresses":{"Swarm":null},"Bootstrap":null,"Peering":null,"Mexport":{"Shards":null}})");
  EXPECT_TRUE(parsed.report.good());
  EXPECT_EQ(parsed.config.addresses.swarm.size(), 2U);
  EXPECT_TRUE(parsed.config.bootstrap.automatic);
}

TEST(ParseConfig, EmptyListsAreEmpty) {
  const auto config = parse_good(R"({"Addresses":{"Swarm":[]},"Bootstrap":[]})");
  EXPECT_TRUE(config.addresses.swarm.empty());
  EXPECT_FALSE(config.bootstrap.automatic);
}

struct Wrong {
  const char* json;
  const char* error;
};

class ParseConfigErrors : public testing::TestWithParam<Wrong> {};

TEST_P(ParseConfigErrors, NamePathFoundAndAllowed) {
  EXPECT_EQ(errors_in(GetParam().json), std::string("Config error: ") + GetParam().error + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Values, ParseConfigErrors,
    testing::Values(
        Wrong{R"({"Mexport":{"Shards":"x"}})",
              R"(Mexport.Shards: found "x", allowed: integer 0..256)"},
        Wrong{R"({"Mexport":{"RestBetweenReads":101}})",
              "Mexport.RestBetweenReads: found 101, allowed: integer 0..100"},
        Wrong{R"({"Mexport":{"Shards":257}})",
              "Mexport.Shards: found 257, allowed: integer 0..256"},
        Wrong{R"({"Mexport":{"Shards":-1}})", "Mexport.Shards: found -1, allowed: integer 0..256"},
        Wrong{R"({"Mexport":{"Shards":1.5}})",
              "Mexport.Shards: found 1.5E0, allowed: integer 0..256"},
        Wrong{R"({"Mexport":[]})", "Mexport: found a value of kind array, allowed: an object"},
        Wrong{R"({"Mexport":{"Sharts":1}})",
              "Mexport.Sharts: found an unknown key, allowed: Network, Shards, RestBetweenReads, "
              "Limits, Security, Bitswap"},
        Wrong{R"({"Mexport":{"Limits":{"MaxStreams":1000}}})",
              "Mexport.Limits.MaxStreams: found 1000, allowed: at least MaxStreamsPerConnection "
              "(1024)"},
        Wrong{R"({"Mexport":{"Limits":{"MaxBufferedBytes":2000000}}})",
              "Mexport.Limits.MaxBufferedBytes: found 2000000, allowed: at least "
              "MaxBufferedBytesPerConnection (16777216)"},
        Wrong{R"({"Mexport":{"Limits":{"MaxBufferedBytes":-5}}})",
              "Mexport.Limits.MaxBufferedBytes: found -5, allowed: integer 1048576..1099511627776"},
        Wrong{R"({"Mexport":{"Limits":{"MaxConnections":-1}}})",
              "Mexport.Limits.MaxConnections: found -1, allowed: integer 0..1000000"},
        Wrong{R"({"Mexport":{"Limits":{"MaxConnections":1e12}}})",
              "Mexport.Limits.MaxConnections: found 1E12, allowed: integer 0..1000000"},
        Wrong{R"({"Mexport":{"Limits":{"SubnetPrefixIPv6":96}}})",
              "Mexport.Limits.SubnetPrefixIPv6: found 96, allowed: integer 8..64"},
        Wrong{R"({"Mexport":{"Limits":{"MaxConnectionsPerSubnet":32}}})",
              "Mexport.Limits.MaxConnectionsPerSubnet: found 32, allowed: at least "
              "MaxConnectionsPerIP (64)"},
        Wrong{R"({"Mexport":{"Limits":{"MaxHandshakes":0}}})",
              "Mexport.Limits.MaxHandshakes: found 0, allowed: integer 1..1000000"},
        Wrong{R"({"Mexport":{"Bitswap":{"AnswerDontHave":1}}})",
              "Mexport.Bitswap.AnswerDontHave: found 1, allowed: true or false"},
        Wrong{R"({"Mexport":{"Security":{"Prefer":"tls"}}})",
              R"(Mexport.Security.Prefer: found "tls", allowed: "noise" or "offered")"},
        Wrong{R"({"Mexport":{"Network":"home"}})",
              R"(Mexport.Network: found "home", allowed: "public" or "private")"},
        Wrong{R"({"Addresses":{"Swarm":"/ip4/0.0.0.0/tcp/1"}})",
              R"(Addresses.Swarm: found "/ip4/0.0.0.0/tcp/1", allowed: a list)"},
        Wrong{R"({"Addresses":{"Swarm":["/ip4/0.0.0.0/tcp/1",7]}})",
              "Addresses.Swarm[1]: found 7, allowed: a string"},
        Wrong{R"({"Swarm":{"AddrFilters":["10.0.0.0/8"]}})",
              R"(Swarm.AddrFilters[0]: found "10.0.0.0/8", allowed: an address range like )"
              "/ip4/10.0.0.0/ipcidr/8"},
        Wrong{R"({"Bootstrap":["/ip4/1.2.3.4/tcp/1"]})",
              R"(Bootstrap[0]: found "/ip4/1.2.3.4/tcp/1", allowed: "auto" or a multiaddr that )"
              "ends in /p2p/<peer id>"},
        Wrong{R"({"Peering":{"Peers":[{"ID":"me"}]}})",
              R"(Peering.Peers[0].ID: found "me", allowed: a peer id)"},
        Wrong{R"({"Peering":{"Peers":["me"]}})",
              R"(Peering.Peers[0]: found "me", allowed: an object with ID and Addrs)"},
        Wrong{R"([])", "the document: found array, allowed: an object"},
        Wrong{"{\n  \"a\": 1,\n  x\n}",
              "the document: found syntax error at line 3, column 3, allowed: JSON"},
        Wrong{R"({"Identity":{"PrivKey":["CAESsecret"]}})",
              "Identity.PrivKey: found a value of kind array, allowed: a string"}));

TEST(ParseConfig, MonitorErrors) {
  const std::string path = std::string("Config error: ") + kMonitorPath;
  EXPECT_EQ(errors_in(monitor_document(R"("PopulatePrometheusInterval":"10")")),
            path + ".PopulatePrometheusInterval: found \"10\", allowed: an integer\n");
  EXPECT_THAT(errors_in(monitor_document(R"("Traces":{"Rotate":1})")),
              HasSubstr(".Traces.Rotate: found an unknown key, allowed: Enabled, Directory"));
  EXPECT_THAT(errors_in(monitor_document(R"("Traces":{"RotateInterval":0})")),
              HasSubstr(".Traces.RotateInterval: found 0"));
  EXPECT_THAT(errors_in(monitor_document(R"("HTTPServerConfig":{"ListenAddresses":"x"})")),
              HasSubstr(".HTTPServerConfig.ListenAddresses: found \"x\", allowed: a list"));
  for (const auto* name : {"a.b", "a/b", "a b", "a\\tb", "a\\u0000"}) {
    EXPECT_THAT(errors_in(monitor_document(std::string(R"("MonitorName":")") + name + "\"")),
                HasSubstr(".MonitorName: found"))
        << name;
  }
}

TEST(ParseTraces, ReadsForHowLongAndHowMuch) {
  auto traces = parse_good(monitor_document(R"("Traces":{"MaxAge":"36h","MaxBytes":"500GiB"})"))
                    .monitor.traces;
  EXPECT_EQ(traces.max_age, std::chrono::hours(36));
  EXPECT_EQ(traces.max_bytes, 500ULL << 30);
  EXPECT_FALSE(traces.max_percent);
  traces =
      parse_good(monitor_document(R"("Traces":{"MaxAge":"off","MaxBytes":"off"})")).monitor.traces;
  EXPECT_FALSE(traces.max_age);
  EXPECT_FALSE(traces.max_bytes);
  EXPECT_FALSE(traces.max_percent);
  traces = parse_good(monitor_document(R"("Traces":{"MaxBytes":"5%"})")).monitor.traces;
  EXPECT_EQ(traces.max_percent, 5U);
}

TEST(ParseTraces, RefusesOtherAgesAndSizes) {
  for (const std::string age : {"\"90\"", "90", "\"59m\"", "\"36501d\"", "\"-1d\"", "\"\""}) {
    EXPECT_THAT(
        errors_in(monitor_document(R"("Traces":{"MaxAge":)" + age + "}")),
        HasSubstr(R"(.Traces.MaxAge: found )" + age + R"(, allowed: a duration like "90d")"));
  }
  for (const std::string size : {"\"0%\"", "\"101%\"", "\"1023KiB\"", "\"1 X\"", "5", "\"none\""}) {
    EXPECT_THAT(errors_in(monitor_document(R"("Traces":{"MaxBytes":)" + size + "}")),
                HasSubstr(R"(.Traces.MaxBytes: found )" + size + R"(, allowed: a size like )"));
  }
}

TEST(ParsePrivacy, ByDefaultEverythingIsRecordedAsItIs) {
  const auto monitor = parse_good("{}").monitor;
  EXPECT_EQ(monitor.privacy.addresses, monitor::AddressDetail::full);
  EXPECT_FALSE(monitor.privacy.keyed_peers);
  EXPECT_TRUE(monitor.privacy.excluded_peers.empty());
  EXPECT_TRUE(monitor.privacy.excluded_subnets.empty());
  EXPECT_EQ(monitor.contact, "");
}

TEST(ParsePrivacy, ReadsEveryKey) {
  const auto monitor = parse_good(monitor_document(R"(
    "Privacy": {"Addresses": "none", "Peers": "keyed", "KeyFile": "k"},
    "Exclude": {"Peers": ["QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
                "Subnets": ["203.0.113.0/24", "/ip6/2001:db8::/ipcidr/32"]},
    "Contact": "mailto:monitor@example.org")"))
                           .monitor;
  EXPECT_EQ(monitor.privacy.addresses, monitor::AddressDetail::none);
  EXPECT_TRUE(monitor.privacy.keyed_peers);
  EXPECT_EQ(monitor.privacy.key_file, "k");
  EXPECT_EQ(texts(monitor.privacy.excluded_peers), (Texts{test::kOtherPeerId}));
  EXPECT_EQ(texts(monitor.privacy.excluded_subnets),
            (Texts{"/ip4/203.0.113.0/ipcidr/24", "/ip6/2001:db8::/ipcidr/32"}));
  EXPECT_EQ(monitor.contact, "mailto:monitor@example.org");
}

TEST(ParsePrivacy, Errors) {
  const std::string path = std::string("Config error: ") + kMonitorPath;
  EXPECT_EQ(errors_in(monitor_document(R"("Privacy":{"Addresses":"some"})")),
            path + R"(.Privacy.Addresses: found "some", allowed: "full", "prefix" or "none")"
                   "\n");
  EXPECT_EQ(errors_in(monitor_document(R"("Privacy":{"Peers":"none"})")),
            path + R"(.Privacy.Peers: found "none", allowed: "full" or "keyed")"
                   "\n");
  EXPECT_THAT(errors_in(monitor_document(R"("Privacy":{"Peer":"keyed"})")),
              HasSubstr(".Privacy.Peer: found an unknown key, allowed: Addresses, Peers, KeyFile"));
  EXPECT_THAT(errors_in(monitor_document(R"("Exclude":{"Peers":["me"]})")),
              HasSubstr(R"(.Exclude.Peers[0]: found "me", allowed: a peer id)"));
  EXPECT_THAT(errors_in(monitor_document(R"("Exclude":{"Subnets":["10.0.0.0/33"]})")),
              HasSubstr(R"(.Exclude.Subnets[0]: found "10.0.0.0/33", allowed: a subnet like )"));
  EXPECT_THAT(errors_in(monitor_document(R"("Exclude":[])")), HasSubstr(".Exclude: found"));
  for (const std::string& contact :
       Texts{"a b", "a(b", "a)", "\u00e9", "\\t", std::string(97, 'a')}) {
    EXPECT_THAT(errors_in(monitor_document(R"("Contact":")" + contact + "\"")),
                HasSubstr(".Contact: found"))
        << contact;
  }
}

TEST(ParseConfig, CollectsAllErrors) {
  const auto parsed = parse_config(
      R"({"Mexport":{"Shards":"x","Network":1,"Nope":0},"Addresses":{"Swarm":["a","b"]}})");
  EXPECT_EQ(parsed.report.errors.size(), 5U);
}

TEST(ParseConfig, ZeroAndBelowMeanTheDefaultWithALine) {
  const auto parsed =
      parse_config(monitor_document(R"("PopulatePrometheusInterval":0,"AgentVersionCutOff":-3)"));
  EXPECT_TRUE(parsed.report.good());
  EXPECT_EQ(parsed.config.monitor.populate_prometheus_interval, std::chrono::seconds(10));
  EXPECT_EQ(parsed.config.monitor.agent_version_cut_off, 20U);
  EXPECT_EQ(parsed.report.notices.size(), 2U);
  const auto absent = parse_config(monitor_document(""));
  EXPECT_EQ(absent.report.notices.size(), 2U);
  EXPECT_EQ(warnings_of(absent.report), "");
}

TEST(ParseConfig, UnknownKeysBesideTheReferencesAreWarnings) {
  const auto parsed = parse_config(monitor_document(R"("monitorname":"x","Traces":{})"));
  EXPECT_TRUE(parsed.report.good());
  EXPECT_THAT(warnings_of(parsed.report), HasSubstr(".monitorname: unknown key, ignored; known are "
                                                    "PopulatePrometheusInterval"));
}

TEST(ParseConfig, KubosOtherKeysAreIgnored) {
  const auto parsed = parse_config(R"({"Datastore":7,"Addresses":{"API":1},"Swarm":{"X":[]}})");
  EXPECT_TRUE(parsed.report.good());
  EXPECT_TRUE(parsed.report.notices.empty());
}

TEST(ParseIdentity, TakesKubosForm) {
  const auto config = parse_good(test::identity_document());
  ASSERT_TRUE(config.identity);
  EXPECT_EQ(config.identity->peer_id.to_string(), test::kPeerId);
  EXPECT_EQ(config.identity->key->type(), crypto::KeyType::ed25519);
  const auto without_id =
      parse_good(std::string(R"({"Identity":{"PrivKey":")") + test::kPrivateKey + "\"}}");
  EXPECT_EQ(without_id.identity->peer_id, config.identity->peer_id);
}

TEST(ParseIdentity, RefusesWhatDoesNotFitWithoutShowingTheKey) {
  const std::string key = test::kPrivateKey;
  const auto other = errors_in(R"({"Identity":{"PeerID":")" + std::string(test::kOtherPeerId) +
                               R"(","PrivKey":")" + key + "\"}}");
  EXPECT_EQ(other, std::string("Config error: Identity.PeerID: found \"") + test::kOtherPeerId +
                       "\", allowed: the id of PrivKey, " + test::kPeerId + "\n");
  const auto broken =
      errors_in(R"({"Identity":{"PeerID":"x","PrivKey":")" + key.substr(4) + "\"}}");
  EXPECT_THAT(broken, HasSubstr("Identity.PrivKey: found a text that is no private key"));
  EXPECT_EQ(broken.find(key.substr(4, 12)), std::string::npos);
  EXPECT_THAT(errors_in(R"({"Identity":{"PeerID":"12D3"}})"),
              HasSubstr("Identity.PrivKey: found nothing"));
}

TEST(ParsePeering, AddressesMayCarryThatPeersId) {
  const auto peering = [](const std::string& id) {
    return R"({"Peering":{"Peers":[{"ID":"QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ","Addrs":[)"
           R"("/ip4/1.2.3.4/tcp/5/p2p/)" +
           id + R"("]}]}})";
  };
  const auto config = parse_good(peering(test::kOtherPeerId));
  EXPECT_EQ(config.peering.at(0).addresses.at(0).to_string(), "/ip4/1.2.3.4/tcp/5");
  EXPECT_THAT(errors_in(peering(test::kPeerId)), HasSubstr("Peering.Peers[0].Addrs[0]"));
}

TEST(Errors, AreShortened) {
  const auto line = errors_in(R"({"Mexport":{"Network":")" + std::string(1000, 'x') + "\"}}");
  EXPECT_LT(line.size(), 200U);
  EXPECT_THAT(line, HasSubstr("x…, allowed"));
  EXPECT_EQ(shorten(std::string(59, 'x') + "é"), std::string(59, 'x') + "…");
}

}  // namespace
}  // namespace mexport::config
