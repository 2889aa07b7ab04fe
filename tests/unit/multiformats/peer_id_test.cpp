// SPDX-License-Identifier: MIT
#include "multiformats/peer_id.hpp"

#include "multiformats/error.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

namespace mexport::multiformats {
namespace {

using test::load_vectors;
using test::unhex;

/// Go takes any multihash for a peer id; a key's is identity of at most 42 bytes or sha2-256.
bool names_a_key(const std::string& hex) {
  return hex.starts_with("1220") || (hex.starts_with("00") && hex.size() <= 2 * kMaxPeerIdSize);
}

TEST(PeerIdVectors, BinaryAsGoReadsIt) {
  for (const auto& vector : load_vectors("peer_id.tsv", "peer-bytes")) {
    const auto id = PeerId::from_bytes(unhex(vector.input));
    const bool accepted = !vector.refused() && names_a_key(vector.hex);
    EXPECT_EQ(id.has_value(), accepted) << vector.input;
    if (id && accepted) {
      EXPECT_EQ(base::to_hex(id->bytes()), vector.hex);
      EXPECT_EQ(id->to_string(), vector.text);
    }
  }
}

TEST(PeerIdVectors, TextAsGoReadsIt) {
  for (const auto& vector : load_vectors("peer_id.tsv", "peer-text")) {
    const auto id = PeerId::from_string(vector.input);
    EXPECT_EQ(id.has_value(), !vector.refused()) << vector.input;
    if (id && !vector.refused()) {
      EXPECT_EQ(base::to_hex(id->bytes()), vector.hex);
      EXPECT_EQ(id->to_string(), vector.text);
    }
  }
}

TEST(PeerId, InlinesShortKeys) {
  const auto key =
      unhex("080112207b0bd8a3b2e6d6a4b5b5c0cc2bbfac18b5fcbb9c0bdcd7d6f2e1ba0d8a9c0f11");
  const auto id = PeerId::from_identity(key);
  EXPECT_EQ(base::to_bytes(id.inlined_key()), key);
  EXPECT_TRUE(id.to_string().starts_with("12D3KooW"));
  EXPECT_EQ(PeerId::from_bytes(id.bytes()).value(), id);
  EXPECT_EQ(PeerId::from_identity(base::Bytes(kMaxInlinedKeySize, 1)).bytes().size(),
            kMaxPeerIdSize);
}

TEST(PeerId, HashesLongKeys) {
  const auto id = PeerId::from_sha256(base::Bytes(32, 7));
  EXPECT_TRUE(id.to_string().starts_with("Qm"));
  EXPECT_TRUE(id.inlined_key().empty());
  EXPECT_EQ(PeerId::from_string(id.to_string()).value(), id);
}

TEST(PeerId, Refuses) {
  EXPECT_EQ(PeerId::from_bytes(unhex("1100")).error(), Error::bad_peer_id);
  EXPECT_EQ(PeerId::from_bytes(unhex("1214" + std::string(40, '0'))).error(), Error::bad_peer_id);
  EXPECT_EQ(PeerId::from_bytes(unhex("002b" + std::string(86, '0'))).error(), Error::bad_peer_id);
  EXPECT_EQ(
      PeerId::from_string("bafybeigks6arfsq3xxfpvqrrwonchxcnu6do76auprhhfomao6c273sixm").error(),
      Error::bad_peer_id);
}

TEST(PeerId, IsEmptyUntilMade) {
  const PeerId id;
  EXPECT_TRUE(id.empty());
  EXPECT_EQ(id.to_string(), "");
  EXPECT_TRUE(id.inlined_key().empty());
}

TEST(PeerId, OrdersByBytesAndHashes) {
  const auto a = PeerId::from_identity(unhex("01"));
  const auto b = PeerId::from_identity(unhex("0100"));
  const auto c = PeerId::from_sha256(base::Bytes(32, 0));
  EXPECT_EQ((std::set<PeerId>{c, b, a}), (std::set<PeerId>{a, b, c}));
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
  EXPECT_NE(a, b);
  EXPECT_EQ((std::unordered_set<PeerId>{a, b, a}).size(), 2U);
}

}  // namespace
}  // namespace mexport::multiformats
