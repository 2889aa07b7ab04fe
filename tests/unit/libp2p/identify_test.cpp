// SPDX-License-Identifier: MIT
#include "libp2p/identify/identify.hpp"

#include "libp2p/identify/protocol_lists.hpp"
#include "libp2p/identify/result_of.hpp"
#include "multiformats/uvarint.hpp"
#include "tests/unit/libp2p/fakes.hpp"
#include "wire/error.hpp"
#include "wire/length_delimited.hpp"
#include "wire/signed_peer_record.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::libp2p::test {
namespace {

using Texts = std::vector<std::string>;
constexpr std::array<std::string_view, 1> kId{identify::kProtocol};
constexpr std::array<std::string_view, 1> kPush{identify::kPushProtocol};

base::Bytes frame(const wire::IdentifyMessage& message) {
  base::Bytes bytes;
  wire::append_length_delimited(bytes, wire::encode_identify(message));
  return bytes;
}

/// Collects what comes on a stream.
class Collect final : public StreamHandler {
 public:
  explicit Collect(base::Bytes& into) : into_(into) {}
  void on_data(Stream& stream, base::ByteView data) override {
    base::append(into_, data);
    stream.consume(data.size());
  }
  void on_remote_close(Stream&) override {}
  void on_reset(Stream&, StreamCode) override {}

 private:
  base::Bytes& into_;
};

class IdentifyTest : public ::testing::Test {
 protected:
  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.1/tcp/4001"};
  TestNode bob{network, shard, "/ip4/10.0.0.2/tcp/4001"};

  /// Makes bob answer identify with these bytes.
  void answer_with(std::vector<base::Bytes> pieces, bool then_close = true) {
    bob.swarm->protocols().add(std::string(identify::kProtocol),
                               [=, this](Stream& stream, std::string_view) {
                                 for (const auto& piece : pieces)
                                   static_cast<void>(stream.write(piece));
                                 if (then_close) stream.close_write();
                                 return std::make_unique<Collect>(ignored);
                               });
  }
  const IdentifyResult& said() { return alice.events.identified.at(0); }

  /// The message that alice answers bob with.
  wire::IdentifyMessage alice_says() {
    base::Bytes bytes;
    shard.run([&] {
      static_cast<void>(bob.events.connected.at(0)->open_stream(
          {.protocols = kId, .handler = std::make_unique<Collect>(bytes)}));
    });
    frame_size = bytes.size();
    wire::IdentifyMessage message;
    const auto prefix = multiformats::decode_uvarint(bytes).value();
    EXPECT_TRUE(wire::merge_identify(base::ByteView(bytes).subspan(prefix.size), message));
    return message;
  }
  std::size_t frame_size = 0;
  base::Bytes ignored;
};

TEST_F(IdentifyTest, AnswersWithEverythingInOneSmallMessage) {
  shard.run([&] {
    std::vector<multiformats::Multiaddr> many;
    for (int i = 0; i < 200; ++i)
      many.push_back(addr("/ip4/10.0.0.1/tcp/" + std::to_string(i + 1)));
    alice.swarm->set_announced_addresses(many);
  });
  alice.connect(bob).value();
  const auto message = alice_says();
  EXPECT_LE(frame_size, wire::kIdentifySendTarget);
  EXPECT_GE(message.listen_addrs.size(), 20U);
  EXPECT_EQ(message.listen_addrs[0], base::to_bytes(addr("/ip4/10.0.0.1/tcp/1").bytes()));
  EXPECT_EQ(message.agent_version, "test/1");
  EXPECT_EQ(message.protocol_version, "ipfs/0.1.0");
  EXPECT_EQ(message.protocols, alice.swarm->protocols().protocols());
  EXPECT_EQ(message.observed_addr, base::to_bytes(bob.listen_addr.bytes()));
  EXPECT_EQ(message.public_key, base::to_bytes(alice.identity.public_key().protobuf()));

  const auto record = wire::open_peer_record(message.signed_peer_record.value()).value();
  EXPECT_EQ(record.record.peer_id, alice.id());
  EXPECT_EQ(record.record.addresses, message.listen_addrs);
  EXPECT_EQ(record.record.sequence, 1'800'000'000'000'000'000U);
}

TEST_F(IdentifyTest, TheRecordsSequenceGrowsEvenWhenTheClockGoesBack) {
  alice.connect(bob).value();
  const auto sequence = [&] {
    return wire::open_peer_record(alice_says().signed_peer_record.value()).value().record.sequence;
  };
  const auto first = sequence();
  EXPECT_EQ(sequence(), first);  // made once
  alice.clock.wall -= 1h;
  shard.run([&] { alice.swarm->set_announced_addresses({addr("/ip4/10.0.0.1/tcp/7")}); });
  EXPECT_EQ(sequence(), first + 1);
}

TEST_F(IdentifyTest, MessagesInPiecesAreMerged) {
  wire::IdentifyMessage first;
  first.agent_version = "in parts/1";
  first.protocols = {"/a"};
  wire::IdentifyMessage second;
  second.protocols = {"/b"};
  second.listen_addrs = {base::to_bytes(addr("/ip4/10.0.0.2/tcp/9").bytes()), {0xff, 0xff, 0x7f}};
  answer_with({frame(first), frame(second)});
  network.chunk = 3;
  alice.connect(bob).value();
  EXPECT_EQ(said().cause, IdentifyCause::initial);
  EXPECT_EQ(*said().agent_version, "in parts/1");
  EXPECT_EQ(*said().protocols, (Texts{"/a", "/b"}));
  EXPECT_EQ(said().listen_addrs, (Texts{"/ip4/10.0.0.2/tcp/9", "unknown:ffff7f"}));
  EXPECT_EQ(said().usable_addrs.size(), 1U);
  EXPECT_FALSE(said().record_valid);
}

TEST_F(IdentifyTest, ARecordDecidesOnAddresses) {
  const auto listed = base::to_bytes(addr("/ip4/10.0.0.2/tcp/1").bytes());
  const auto recorded = base::to_bytes(addr("/ip4/10.0.0.2/tcp/2").bytes());
  wire::IdentifyMessage message;
  message.listen_addrs = {listed};
  message.signed_peer_record =
      wire::seal_peer_record({.peer_id = bob.id(), .sequence = 42, .addresses = {recorded}},
                             bob.identity.private_key())
          .value();
  answer_with({frame(message)});
  alice.connect(bob).value();
  EXPECT_TRUE(said().record_valid.value());
  EXPECT_EQ(said().record_sequence, 42U);
  EXPECT_EQ(said().usable_addrs, std::vector{addr("/ip4/10.0.0.2/tcp/2")});
}

TEST_F(IdentifyTest, ABadRecordLeavesNoAddresses) {
  wire::IdentifyMessage message;
  message.listen_addrs = {base::to_bytes(addr("/ip4/10.0.0.2/tcp/1").bytes())};
  // Somebody else's record.
  message.signed_peer_record =
      wire::seal_peer_record({.peer_id = alice.id(), .sequence = 1, .addresses = {}},
                             alice.identity.private_key())
          .value();
  answer_with({frame(message)});
  alice.connect(bob).value();
  EXPECT_FALSE(said().record_valid.value());
  EXPECT_TRUE(said().usable_addrs.empty());
  EXPECT_EQ(said().listen_addrs.size(), 1U);
}

TEST_F(IdentifyTest, SilenceIsAFailureAndLeavesTheConnection) {
  answer_with({}, false);
  alice.connect(bob).value();
  shard.advance(9999ms);
  EXPECT_TRUE(alice.events.identified.empty());
  shard.advance(1ms);
  EXPECT_EQ(said().cause, IdentifyCause::failed);
  EXPECT_EQ(said().error, std::errc::timed_out);
  EXPECT_EQ(alice.events.connected.size(), 1U);
  EXPECT_EQ(alice.swarm->counters().identify_failed.value(), 1U);
}

TEST_F(IdentifyTest, WhatDoesNotDecodeIsAFailure) {
  const auto error_of = [&](std::vector<base::Bytes> answer) {
    answer_with(std::move(answer));
    alice.events.identified.clear();
    Connection& connection = **alice.connect(bob);
    const auto error = said().error;
    shard.run([&] { connection.close(ConnectionCode::none); });
    return error;
  };
  EXPECT_EQ(error_of({}), wire::Error::truncated_message);
  EXPECT_EQ(error_of({{5, 1, 2}}), wire::Error::truncated_message);
  EXPECT_EQ(error_of({{2, 0xff, 0xff}}), wire::Error::bad_protobuf);
  EXPECT_EQ(error_of({{0xff, 0xff, 0x7f}}), wire::Error::message_too_large);
  EXPECT_EQ(error_of({base::Bytes(11, 0)}), wire::Error::too_many_messages);
}

TEST_F(IdentifyTest, APeerWithoutIdentifyIsAFailureAtOnce) {
  TestNode mute(network, shard, "/ip4/10.0.0.3/tcp/4001");
  mute.swarm->protocols().add(std::string(identify::kProtocol),
                              [](Stream&, std::string_view) { return nullptr; });
  alice.connect(mute).value();
  EXPECT_EQ(said().cause, IdentifyCause::failed);
}

TEST_F(IdentifyTest, NothingIsToldWhenTheConnectionEndsMeanwhile) {
  answer_with({}, false);
  Connection& connection = **alice.connect(bob);
  shard.run([&] { connection.close(ConnectionCode::none); });
  EXPECT_TRUE(alice.events.identified.empty());
}

TEST_F(IdentifyTest, ChangesArePushedToThoseWhoKnowAnOlderState) {
  alice.connect(bob).value();
  TestNode carol(network, shard, "/ip4/10.0.0.3/tcp/4001");
  carol.connect(alice).value();
  bob.events.identified.clear();
  carol.events.identified.clear();
  shard.run([&] {
    alice.swarm->set_announced_addresses({addr("/ip4/10.0.0.1/tcp/5")});
    alice.swarm->set_announced_addresses({addr("/ip4/10.0.0.1/tcp/6")});
  });
  EXPECT_TRUE(bob.events.identified.empty());
  shard.advance(1s);
  ASSERT_EQ(bob.events.identified.size(), 1U);
  ASSERT_EQ(carol.events.identified.size(), 1U);
  EXPECT_EQ(bob.events.identified[0].cause, IdentifyCause::push);
  EXPECT_EQ(bob.events.identified[0].listen_addrs, Texts{"/ip4/10.0.0.1/tcp/6"});
  EXPECT_EQ(alice.swarm->counters().identify_push_sent.value(), 2U);

  shard.run([&] { alice.swarm->set_announced_addresses({addr("/ip4/10.0.0.1/tcp/6")}); });
  shard.advance(1s);
  EXPECT_EQ(alice.swarm->counters().identify_push_sent.value(), 2U);
}

TEST_F(IdentifyTest, ABadPushEndsItsStreamAlone) {
  alice.connect(bob).value();
  shard.run([&] {
    const auto stream =
        bob.events.connected[0]->open_stream({.protocols = kPush,
                                              .handler = std::make_unique<Collect>(ignored),
                                              .form = multistream::Form::lazy});
    ASSERT_TRUE((*stream)->write(base::Bytes{2, 0xff, 0xff}));
  });
  EXPECT_EQ(alice.swarm->counters().identify_bad_push.value(), 1U);
  EXPECT_EQ(alice.events.identified.size(), 1U);
  EXPECT_EQ(alice.events.connected.size(), 1U);
}

TEST_F(IdentifyTest, PushesBeyondTheRateAreRefused) {
  alice.connect(bob).value();
  wire::IdentifyMessage message;
  message.agent_version = "bob/2";
  const auto push = [&] {
    shard.run([&] {
      const auto stream =
          bob.events.connected[0]->open_stream({.protocols = kPush,
                                                .handler = std::make_unique<Collect>(ignored),
                                                .form = multistream::Form::lazy});
      ASSERT_TRUE((*stream)->write(frame(message)));
      (*stream)->close_write();
    });
  };
  const auto& counters = alice.swarm->counters();
  for (std::uint32_t i = 0; i < SwarmOptions().identify_pushes.burst + 3; ++i) push();
  EXPECT_EQ(counters.identify_push_received.value(), SwarmOptions().identify_pushes.burst);
  EXPECT_EQ(counters.identify_push_refused.value(), 3U);
  EXPECT_EQ(counters.identify_bad_push.value(), 0U);

  shard.advance(SwarmOptions().identify_pushes.interval);
  push();
  EXPECT_EQ(counters.identify_push_received.value(), SwarmOptions().identify_pushes.burst + 1);
  EXPECT_EQ(alice.events.connected.size(), 1U);
}

TEST(IdentifyAddresses, ThoseThatLeadElsewhereAreLeftOut) {
  const auto usable = [](std::string_view remote) {
    const std::vector<base::Bytes> told{base::to_bytes(addr("/ip4/1.2.3.4/tcp/1").bytes()),
                                        base::to_bytes(addr("/ip4/10.0.0.1/tcp/1").bytes()),
                                        base::to_bytes(addr("/ip4/127.0.0.1/tcp/1").bytes())};
    return identify::usable_addresses(addr(remote), told).size();
  };
  EXPECT_EQ(usable("/ip4/8.8.8.8/tcp/1"), 1U);
  EXPECT_EQ(usable("/ip4/192.168.0.1/tcp/1"), 2U);
  EXPECT_EQ(usable("/ip4/127.0.0.1/tcp/1"), 3U);
}

TEST(ProtocolLists, EqualOnesAreShared) {
  identify::ProtocolLists lists;
  const auto a = lists.intern({"/a", "/b"});
  EXPECT_EQ(a, lists.intern({"/a", "/b"}));
  EXPECT_NE(a, lists.intern({"/b", "/a"}));
  EXPECT_NE(a, lists.intern({"/a/b"}));
  for (int i = 0; i < 1000; ++i) lists.intern({std::to_string(i)});
  EXPECT_LE(lists.size(), 129U);  // those that nobody holds are forgotten
  EXPECT_EQ(a, lists.intern({"/a", "/b"}));
}

}  // namespace
}  // namespace mexport::libp2p::test
