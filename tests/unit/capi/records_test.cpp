// SPDX-License-Identifier: MIT
#include "capi/records.hpp"

#include "tests/unit/capi/batch.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::capi {
namespace {

using namespace testing;

std::string fault_of(const base::Bytes& batch) {
  const auto records = decode_batch(batch);
  return records ? "" : std::string(records.error().what);
}

template <class Body>
Body only(const base::Bytes& batch) {
  const auto records = decode_batch(batch);
  EXPECT_TRUE(records) << records.error().what;
  EXPECT_EQ(records->size(), 1U);
  return std::get<Body>(records->at(0).body);
}

TEST(Records, AnEmptyBatchHasNone) {
  EXPECT_TRUE(decode_batch({})->empty());
}

TEST(Records, AMessageHasItsBlocksFromBeside) {
  const auto records = decode_batch(message(3, want_body(5), 1'500'000'000));
  ASSERT_TRUE(records) << records.error().what;
  EXPECT_EQ(records->at(0).at, base::WallTime(std::chrono::milliseconds(1500)));
  const auto& read = std::get<MessageRecord>(records->at(0).body);
  EXPECT_FALSE(read.sent);
  EXPECT_EQ(read.peer, peer(3));
  EXPECT_EQ(read.protocol, wire::BitswapProtocol::v1_2_0);
  EXPECT_EQ(read.size, 4711U);
  ASSERT_EQ(read.message.wantlist.size(), 1U);
  EXPECT_EQ(base::to_bytes(read.message.cid(read.message.wantlist[0].cid)), cid(5));
  ASSERT_EQ(read.message.blocks.size(), 1U);
  EXPECT_EQ(base::to_bytes(read.message.cid(read.message.blocks[0].cid)), cid(77));
  EXPECT_EQ(read.message.blocks[0].size, 1000U);
}

TEST(Records, AConnectionHasWhatTheHostSays) {
  const auto read =
      only<ConnectedRecord>(connected(1, "c1", 7, MEXPORT_FLAG_OUTBOUND | MEXPORT_FLAG_RELAYED));
  EXPECT_EQ(read.connection, "c1");
  EXPECT_EQ(read.remote.to_string(), "/ip4/192.0.2.1/tcp/4001");
  EXPECT_EQ(read.security, "/noise");
  EXPECT_TRUE(read.outbound);
  EXPECT_TRUE(read.relayed);
  EXPECT_EQ(only<DisconnectedRecord>(disconnected("c1")).connection, "c1");
}

TEST(Records, AnAddressOfAnUnknownKindIsNoFault) {
  const auto record = RecordWriter(MEXPORT_RECORD_ADDRESSES)
                          .u32(2)
                          .bytes(address("/ip4/192.0.2.1/tcp/1"))
                          .bytes(base::Bytes{0xff, 0xff, 0x7f})
                          .done();
  EXPECT_EQ(only<AddressesRecord>(record).addresses,
            (std::vector<std::string>{"/ip4/192.0.2.1/tcp/1", "unknown:ffff7f"}));
}

TEST(Records, IdentifyMayHaveFailed) {
  const auto read = only<IdentifiedRecord>(identified("c1", "kubo/0.43.0/"));
  EXPECT_EQ(read.agent_version, "kubo/0.43.0/");
  EXPECT_EQ(read.protocols, std::vector<std::string>{"/ipfs/bitswap/1.2.0"});
  EXPECT_FALSE(read.error);
  const auto failed = RecordWriter(MEXPORT_RECORD_IDENTIFIED, MEXPORT_FLAG_FAILED)
                          .text("c1")
                          .text("")
                          .text("")
                          .u32(0)
                          .u32(0)
                          .bytes({})
                          .long_bytes({})
                          .text("timed out")
                          .done();
  EXPECT_EQ(only<IdentifiedRecord>(failed).error, "timed out");
}

TEST(Records, SamplesAndReportsAreRead) {
  const auto streams = only<StreamsRecord>(
      RecordWriter(MEXPORT_RECORD_STREAMS).u32(1).text("/a").u32(2).u32(3).done());
  EXPECT_EQ(streams.protocols.at(0).id, "/a");
  EXPECT_EQ(streams.protocols[0].inbound, 2U);
  EXPECT_EQ(streams.protocols[0].outbound, 3U);
  const auto peers = only<PeersRecord>(
      RecordWriter(MEXPORT_RECORD_PEERS).u32(1).peer(1).i64(5).text("kubo").u32(0).done());
  EXPECT_EQ(peers.peers.at(0).latency, std::chrono::nanoseconds(5));
  const auto sent = only<SentRecord>(RecordWriter(MEXPORT_RECORD_SENT)
                                         .u64(12)
                                         .u8(MEXPORT_BITSWAP_1_1_0)
                                         .i64(3)
                                         .i64(4)
                                         .text("")
                                         .done());
  EXPECT_EQ(sent.send, 12U);
  EXPECT_EQ(sent.protocol, wire::BitswapProtocol::v1_1_0);
  EXPECT_EQ(sent.took, std::chrono::nanoseconds(4));
  const auto lost =
      only<LostRecord>(RecordWriter(MEXPORT_RECORD_LOST).u8(MEXPORT_RECORD_MESSAGE).u64(9).done());
  EXPECT_EQ(lost.count, 9U);
}

TEST(Records, ABatchWithOneFaultIsRefusedWhole) {
  const auto good = disconnected("c1");
  auto bad = RecordWriter(MEXPORT_RECORD_DISCONNECTED).u16(9).done();
  const auto records = decode_batch(joined({good, bad}));
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().record, 1U);
  EXPECT_EQ(records.error().offset, good.size());
  EXPECT_EQ(records.error().what, "a field ends beyond its record");
}

TEST(Records, FaultsAreNamed) {
  EXPECT_EQ(fault_of(base::Bytes(15)), "the batch is cut short");
  EXPECT_EQ(fault_of(base::Bytes(16)), "a record's size is impossible");
  EXPECT_EQ(fault_of(RecordWriter(99).done()), "a kind of record is none");
  EXPECT_EQ(fault_of(RecordWriter(MEXPORT_RECORD_DISCONNECTED, 1).text("c").done()),
            "a flag is not known");
  EXPECT_EQ(fault_of(RecordWriter(MEXPORT_RECORD_DISCONNECTED).text("c").u8(0).done()),
            "bytes follow the last field");
  EXPECT_EQ(
      fault_of(
          RecordWriter(MEXPORT_RECORD_DISCONNECTED).text(std::string(kMaxText + 1, 'x')).done()),
      "a text is too long");
  EXPECT_EQ(fault_of(RecordWriter(MEXPORT_RECORD_STREAMS).u32(1'000'000).done()),
            "a list is longer than its record");
  EXPECT_EQ(fault_of(message(1, base::Bytes{0xff})), "a Bitswap message is none");
  auto connection = connected(1, "c");
  connection[18] ^= 0xff;  // the peer's multihash
  EXPECT_EQ(fault_of(connection), "a peer id is none");
}

TEST(Records, EveryCutIsAFault) {
  const auto batch = joined({connected(1, "c1"), message(1, want_body(2)), identified("c1", "a")});
  const auto ends = [&](std::size_t size) {
    return size == 0 || size == connected(1, "c1").size() || size == batch.size() ||
           size == connected(1, "c1").size() + message(1, want_body(2)).size();
  };
  for (std::size_t size = 0; size <= batch.size(); ++size) {
    EXPECT_EQ(decode_batch(base::ByteView(batch).first(size)).has_value(), ends(size)) << size;
  }
}

}  // namespace
}  // namespace mexport::capi
