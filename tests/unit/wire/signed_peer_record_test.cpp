// SPDX-License-Identifier: MIT
#include "wire/signed_peer_record.hpp"

#include "tests/unit/wire/signed_record_vectors.hpp"
#include "wire/error.hpp"
#include "wire/peer_id.hpp"

#include <gtest/gtest.h>

namespace mexport::wire {
namespace {

constexpr std::uint64_t kSequence = 1700000000123456789;

crypto::PrivateKey private_key(const SignedRecordVectors& vectors) {
  auto key = crypto::PrivateKey::from_protobuf(vectors.ed25519_private_key);
  EXPECT_TRUE(key);
  return std::move(*key);
}

TEST(SignedPeerRecord, OpensWhatGoSigned) {
  for (const auto& vector : load_signed_records().records) {
    const auto opened = open_peer_record(vector.envelope);
    ASSERT_TRUE(opened) << vector.key_type << ": " << opened.error().message();
    EXPECT_EQ(opened->record.peer_id.to_string(), vector.peer_id);
    EXPECT_EQ(opened->record.sequence, kSequence);
    ASSERT_EQ(opened->record.addresses.size(), 2U);
    EXPECT_EQ(base::to_hex(opened->record.addresses[0]), "047f000001060fa1");
  }
}

TEST(SignedPeerRecord, SealsAsGoDoes) {
  const auto vectors = load_signed_records();
  const auto key = private_key(vectors);
  const PeerRecord record{.peer_id = peer_id_of(key.public_key()),
                          .sequence = kSequence,
                          .addresses = {bytes("047f000001060fa1"),
                                        bytes("2920010db8000000000000000000000001 91020fa1 cd03")}};
  const auto sealed = seal_peer_record(record, key);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(base::to_hex(*sealed), base::to_hex(vectors.records.at(0).envelope));
}

TEST(SignedPeerRecord, NoticesEachChangedBit) {
  const auto envelope = load_signed_records().records.at(0).envelope;
  for (std::size_t at = 0; at < envelope.size(); ++at) {
    auto changed = envelope;
    changed[at] ^= 1;
    EXPECT_FALSE(open_peer_record(changed)) << "byte " << at;
  }
}

TEST(SignedPeerRecord, NamesWhatIsWrong) {
  const auto good = load_signed_records().records.at(0).envelope;
  EXPECT_EQ(open_peer_record(base::Bytes(kMaxEnvelopeSize + 1)).error(), Error::message_too_large);
  EXPECT_EQ(open_peer_record(bytes("0a05")).error(), Error::bad_protobuf);
  EXPECT_EQ(open_peer_record({}).error(), Error::wrong_payload_type);
  auto other_type = good;
  other_type[2 + 36 + 2] = 0x04;  // behind the key
  EXPECT_EQ(open_peer_record(other_type).error(), Error::wrong_payload_type);
  auto bad_signature = good;
  bad_signature.back() ^= 0x80;
  EXPECT_EQ(open_peer_record(bad_signature).error(), Error::bad_signature);
  EXPECT_EQ(open_peer_record(bytes("0a020801 12020301")).error(), Error::bad_public_key);
}

TEST(SignedPeerRecord, RefusesARecordOfAnotherPeer) {
  const auto vectors = load_signed_records();
  const auto key = private_key(vectors);
  const auto other = open_peer_record(vectors.records.at(1).envelope);
  ASSERT_TRUE(other);
  const auto sealed = seal_peer_record({.peer_id = other->record.peer_id}, key);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(open_peer_record(*sealed).error(), Error::record_key_mismatch);
}

TEST(SignedPeerRecord, LimitsTheAddresses) {
  const auto key = private_key(load_signed_records());
  PeerRecord record{.peer_id = peer_id_of(key.public_key())};
  record.addresses.assign(kMaxRecordAddresses, bytes("04"));
  const auto most = seal_peer_record(record, key);
  ASSERT_TRUE(most);
  EXPECT_TRUE(open_peer_record(*most));
  record.addresses.push_back(bytes("04"));
  const auto more = seal_peer_record(record, key);
  ASSERT_TRUE(more);
  EXPECT_EQ(open_peer_record(*more).error(), Error::too_many_addresses);
}

}  // namespace
}  // namespace mexport::wire
