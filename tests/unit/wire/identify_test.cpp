// SPDX-License-Identifier: MIT
#include "wire/identify.hpp"

#include "tests/unit/wire/hex.hpp"
#include "wire/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::wire {
namespace {

IdentifyMessage sample() {
  IdentifyMessage out;
  out.public_key = bytes("08011220");
  out.listen_addrs = {bytes("047f000001060fa1"), bytes("047f000001060fa2")};
  out.protocols = {"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"};
  out.observed_addr = bytes("0401020304060fa1");
  out.protocol_version = "ipfs/0.1.0";
  out.agent_version = "kubo/0.43.0";
  out.signed_peer_record = bytes("0a00");
  return out;
}

TEST(Identify, ReadsBackWhatItWrites) {
  const auto written = sample();
  IdentifyMessage read;
  ASSERT_TRUE(merge_identify(encode_identify(written), read));
  EXPECT_EQ(read.public_key, written.public_key);
  EXPECT_EQ(read.listen_addrs, written.listen_addrs);
  EXPECT_EQ(read.protocols, written.protocols);
  EXPECT_EQ(read.observed_addr, written.observed_addr);
  EXPECT_EQ(read.protocol_version, written.protocol_version);
  EXPECT_EQ(read.agent_version, written.agent_version);
  EXPECT_EQ(read.signed_peer_record, written.signed_peer_record);
}

TEST(Identify, WritesFieldsByTheirNumbers) {
  IdentifyMessage message;
  message.listen_addrs = {bytes("aa")};
  message.protocols = {"p"};
  message.agent_version = "a";
  message.signed_peer_record = bytes("bb");
  EXPECT_EQ(base::to_hex(encode_identify(message)),
            "1201aa1a017032016142"
            "01bb");
}

TEST(Identify, AbsentAndEmptyAreDifferent) {
  IdentifyMessage read;
  ASSERT_TRUE(merge_identify(bytes("2a00"), read));
  EXPECT_EQ(read.protocol_version, "");
  EXPECT_EQ(read.agent_version, std::nullopt);
}

TEST(Identify, MergesTheMessagesOfAStream) {
  IdentifyMessage read;
  IdentifyMessage first;
  first.protocols = {"a"};
  first.agent_version = "old";
  IdentifyMessage second;
  second.protocols = {"b"};
  second.agent_version = "new";
  ASSERT_TRUE(merge_identify(encode_identify(first), read));
  ASSERT_TRUE(merge_identify(encode_identify(second), read));
  EXPECT_EQ(read.protocols, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read.agent_version, "new");
}

TEST(Identify, RefusesABrokenProtobuf) {
  IdentifyMessage read;
  EXPECT_EQ(merge_identify(bytes("0a05 01"), read), base::fail(Error::bad_protobuf));
  EXPECT_EQ(merge_identify(bytes("3001"), read), base::fail(Error::wrong_wire_type));
}

TEST(Identify, HoldsItsLimits) {
  IdentifyMessage read;
  const base::Bytes large(kMaxIdentifyMessageSize + 1, 0);
  EXPECT_EQ(merge_identify(large, read), base::fail(Error::message_too_large));

  IdentifyMessage long_protocol;
  long_protocol.protocols = {std::string(kMaxProtocolIdSize + 1, 'p')};
  EXPECT_EQ(merge_identify(encode_identify(long_protocol), read),
            base::fail(Error::protocol_too_long));

  IdentifyMessage many_protocols;
  many_protocols.protocols.assign(kMaxIdentifyProtocols, "p");
  IdentifyMessage one_more;
  one_more.protocols = {"p"};
  IdentifyMessage full;
  ASSERT_TRUE(merge_identify(encode_identify(many_protocols), full));
  EXPECT_EQ(merge_identify(encode_identify(one_more), full), base::fail(Error::too_many_protocols));

  IdentifyMessage many_addresses;
  many_addresses.listen_addrs.assign(kMaxIdentifyAddresses + 1, bytes("00"));
  IdentifyMessage addresses;
  EXPECT_EQ(merge_identify(encode_identify(many_addresses), addresses),
            base::fail(Error::too_many_addresses));
  EXPECT_EQ(addresses.listen_addrs.size(), kMaxIdentifyAddresses);
}

}  // namespace
}  // namespace mexport::wire
