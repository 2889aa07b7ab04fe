// SPDX-License-Identifier: MIT
#include "monitor/capture.hpp"

#include "tests/unit/monitor/facts.hpp"
#include "tests/unit/monitor/privacy_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mexport::monitor {
namespace {

using testing::address;
using testing::at_ms;
using testing::key;
using testing::kKeyedPeer;
using testing::kPeer;
using testing::peer;

class KeepingSink final : public ObservationSink {
 public:
  void submit(Fact&& fact) noexcept override { facts_.push_back(std::move(fact)); }
  void begin_batch(base::SteadyTime) noexcept override {}
  void end_batch() noexcept override {}

  template <class T>
  const T& last() const {
    return std::get<T>(facts_.back());
  }
  std::vector<Fact> facts_;
};

class CaptureTest : public ::testing::Test {
 protected:
  Capture& start(const Privacy::Options& options) {
    capture_ = std::make_unique<Capture>(std::make_shared<const Privacy>(options), sink_);
    return *capture_;
  }
  CapturedConnection connect() {
    return capture_->connected({.id = 7,
                                .peer = peer(kPeer),
                                .remote = remote_,
                                .local = local_,
                                .transport = "tcp",
                                .security = "noise",
                                .opened_at = at_ms(1)},
                               1);
  }
  void send(CapturedConnection& connection, AddressListPtr addresses) {
    capture_->message(connection, {.connection = nullptr,
                                   .received_at = at_ms(2),
                                   .message = {},
                                   .connected_addresses = std::move(addresses),
                                   .agent_version = nullptr});
  }
  static PeerIdentified said() {
    PeerIdentified fact;
    fact.listen_addrs = {"/ip4/203.0.113.7/tcp/4001", "/ip4/203.0.113.7/tcp/4002", "unknown:ff"};
    fact.observed_addr = "/ip4/198.51.100.2/tcp/4001";
    fact.record_sequence = 5;
    fact.record_valid = true;
    return fact;
  }
  static AddressListPtr list(AddressList addresses) {
    return std::make_shared<const AddressList>(std::move(addresses));
  }

  multiformats::Multiaddr remote_ = address("/ip4/203.0.113.7/tcp/33292");
  multiformats::Multiaddr local_ = address("/ip4/198.51.100.2/tcp/4001");
  KeepingSink sink_;
  std::unique_ptr<Capture> capture_;
};

TEST_F(CaptureTest, ByDefaultPassesEverythingOn) {
  start({});
  auto connection = connect();
  EXPECT_TRUE(connection.recorded());
  const auto facts = sink_.last<Connected>().connection;
  EXPECT_EQ(facts->peer_text, kPeer);
  EXPECT_EQ(facts->remote, "/ip4/203.0.113.7/tcp/33292");
  EXPECT_EQ(facts->local, "/ip4/198.51.100.2/tcp/4001");
  EXPECT_EQ(sink_.last<Connected>().at, at_ms(1));

  const auto addresses = list({"/ip4/203.0.113.7/tcp/33292"});
  send(connection, addresses);
  EXPECT_EQ(sink_.last<BitswapMessageReceived>().connected_addresses, addresses);
  EXPECT_EQ(sink_.last<BitswapMessageReceived>().connection, facts);

  capture_->identified(connection, said());
  EXPECT_EQ(sink_.last<PeerIdentified>().listen_addrs, said().listen_addrs);
  EXPECT_EQ(sink_.last<PeerIdentified>().record_sequence, 5U);

  capture_->disconnected(connection, {.connection = nullptr, .at = at_ms(3)});
  EXPECT_EQ(sink_.last<Disconnected>().connection, facts);
}

TEST_F(CaptureTest, ShowsNoMoreThanIsAllowed) {
  start({.addresses = AddressDetail::none, .peer_key = key(0)});
  auto connection = connect();
  const auto facts = sink_.last<Connected>().connection;
  EXPECT_EQ(facts->peer_text, kKeyedPeer);
  EXPECT_EQ(facts->peer.to_string(), kKeyedPeer);
  EXPECT_EQ(facts->remote, "/ip4/0.0.0.0/tcp/0");
  EXPECT_EQ(facts->local, "/ip4/0.0.0.0/tcp/0");

  capture_->identified(connection, said());
  const auto& identified = sink_.last<PeerIdentified>();
  EXPECT_EQ(identified.listen_addrs, (AddressList{"/ip4/0.0.0.0/tcp/0", "unknown:"}));
  EXPECT_EQ(identified.observed_addr, "/ip4/0.0.0.0/tcp/0");
  EXPECT_FALSE(identified.record_sequence) << "a start time in nanoseconds names a peer";
  EXPECT_EQ(identified.record_valid, true);
}

TEST_F(CaptureTest, MakesAListOfAddressesOnceUntilItChanges) {
  start({.addresses = AddressDetail::prefix});
  auto connection = connect();
  const auto one = list({"/ip4/203.0.113.7/tcp/33292"});
  send(connection, one);
  const auto shown = sink_.last<BitswapMessageReceived>().connected_addresses;
  EXPECT_EQ(*shown, (AddressList{"/ip4/203.0.113.0/tcp/0"}));
  send(connection, one);
  EXPECT_EQ(sink_.last<BitswapMessageReceived>().connected_addresses, shown);

  send(connection, list({"/ip4/203.0.113.7/tcp/33292", "/ip4/192.0.2.9/tcp/1"}));
  EXPECT_EQ(*sink_.last<BitswapMessageReceived>().connected_addresses,
            (AddressList{"/ip4/203.0.113.0/tcp/0", "/ip4/192.0.2.0/tcp/0"}));
  send(connection, nullptr);
  EXPECT_EQ(sink_.last<BitswapMessageReceived>().connected_addresses, nullptr);
}

TEST_F(CaptureTest, CountsWhatIsExcludedAndRecordsNothingOfIt) {
  start({.excluded_peers = {peer(kPeer)}});
  auto connection = connect();
  EXPECT_FALSE(connection.recorded());
  send(connection, list({"/ip4/203.0.113.7/tcp/33292"}));
  send(connection, nullptr);
  capture_->identified(connection, said());
  capture_->disconnected(connection, {.connection = nullptr, .at = at_ms(3)});
  EXPECT_TRUE(sink_.facts_.empty());
  const auto counted = capture_->counters().list();
  const std::map<std::string, std::uint64_t> counters(counted.begin(), counted.end());
  EXPECT_EQ(counters, (std::map<std::string, std::uint64_t>{{"excluded_connections", 1},
                                                            {"excluded_identifies", 1},
                                                            {"excluded_messages", 2}}));
}

// A peer may be connected from a subnet that is excluded and from one that is not.
TEST_F(CaptureTest, NamesNoExcludedAddressOfARecordedPeer) {
  start({.excluded_subnets = {*multiformats::IpRange::from_cidr("192.0.2.0/24")}});
  auto connection = connect();
  send(connection, list({"/ip4/192.0.2.9/tcp/1", "/ip4/203.0.113.7/tcp/33292"}));
  EXPECT_EQ(*sink_.last<BitswapMessageReceived>().connected_addresses,
            (AddressList{"/ip4/203.0.113.7/tcp/33292"}));
}

TEST_F(CaptureTest, AFailedIdentifyIsPassedOn) {
  start({.addresses = AddressDetail::none});
  auto connection = connect();
  PeerIdentified fact;
  fact.cause = IdentifyCause::failed;
  fact.error = "timed out";
  capture_->identified(connection, std::move(fact));
  EXPECT_EQ(sink_.last<PeerIdentified>().error, "timed out");
}

}  // namespace
}  // namespace mexport::monitor
