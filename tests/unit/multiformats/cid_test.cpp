// SPDX-License-Identifier: MIT
#include "multiformats/cid.hpp"

#include "multiformats/error.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace mexport::multiformats {
namespace {

using test::load_vectors;
using test::unhex;

const char* const kDigest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

TEST(CidVectors, BinaryAsGoCastsIt) {
  for (const auto& vector : load_vectors("cid.tsv", "cid-bytes")) {
    const auto bytes = unhex(vector.input);
    const auto cid = Cid::from_bytes(bytes);
    EXPECT_EQ(cid.has_value(), !vector.refused()) << vector.input;
    EXPECT_EQ(validate_cid(bytes).has_value(), !vector.refused()) << vector.input;
    if (!cid || vector.refused()) continue;
    EXPECT_EQ(base::to_hex(cid->bytes()), vector.hex);
    EXPECT_EQ(cid->to_string(), vector.text);
  }
}

TEST(CidVectors, TextAsGoDecodesIt) {
  for (const auto& vector : load_vectors("cid.tsv", "cid-text")) {
    const auto cid = Cid::from_string(vector.input);
    EXPECT_EQ(cid.has_value(), !vector.refused()) << vector.input;
    if (!cid || vector.refused()) continue;
    EXPECT_EQ(base::to_hex(cid->bytes()), vector.hex);
    EXPECT_EQ(cid->to_string(), vector.text);
  }
}

TEST(Cid, Parts) {
  const auto v0 = Cid::from_string("QmbyV4BASLJCFiCfKz37eNwFX8y6hefQ7LGpzvEwJQzNft");
  ASSERT_TRUE(v0);
  EXPECT_EQ(v0->version(), 0);
  EXPECT_TRUE(v0->view().is(Multicodec::dag_pb));
  EXPECT_TRUE(v0->multihash().is(HashCode::sha2_256));
  EXPECT_EQ(base::to_hex(v0->multihash().digest), kDigest);
  EXPECT_EQ(v0->view().multihash_bytes.size(), 34U);

  const auto v1 = Cid::from_bytes(unhex(std::string("0155a0e40220") + kDigest));
  ASSERT_TRUE(v1);
  EXPECT_EQ(v1->version(), 1);
  EXPECT_TRUE(v1->view().is(Multicodec::raw));
  EXPECT_TRUE(v1->multihash().is(HashCode::blake2b_256));
  EXPECT_EQ(v1->view().multihash_bytes.size(), 36U);
}

TEST(Cid, TellsWhetherItHoldsItsDataItself) {
  EXPECT_TRUE(is_identity_cid(base::Bytes{1, 0x55, 0, 1, 'a'}));
  EXPECT_TRUE(is_identity_cid(base::Bytes{1, 0xa9, 0x02, 0, 1, 'a'})) << "a codec of two bytes";
  EXPECT_FALSE(is_identity_cid(base::Bytes{1, 0x55, 0x12, 1, 'a'}));
  EXPECT_FALSE(is_identity_cid(base::Bytes{1, 0xa9, 0x02, 0x12, 1, 0}));
  EXPECT_FALSE(is_identity_cid(Cid::v0(base::Bytes(32)).bytes()));
}

TEST(Cid, ErrorsTellWhy) {
  const std::string digest = kDigest;
  EXPECT_EQ(parse_cid({}).error(), Error::truncated);
  EXPECT_EQ(parse_cid(unhex("1220" + digest.substr(2))).error(), Error::truncated);
  EXPECT_EQ(parse_cid(unhex("1220" + digest + "00")).error(), Error::trailing_bytes);
  EXPECT_EQ(parse_cid(unhex("01551220" + digest + "00")).error(), Error::trailing_bytes);
  EXPECT_EQ(parse_cid(unhex("02551220" + digest)).error(), Error::bad_cid_version);
  EXPECT_EQ(parse_cid(unhex("8100")).error(), Error::varint_not_minimal);
  EXPECT_EQ(parse_cid(unhex("0155128080808008")).error(), Error::bad_multihash);
  EXPECT_EQ(Cid::from_string("b").error(), Error::bad_cid_text);
  EXPECT_EQ(Cid::from_string("b" + std::string(kMaxCidText, 'a')).error(), Error::too_long);
}

// A version 0 CID has no multibase prefix (multiformats/cid: README, decoding algorithm).
TEST(Cid, RefusesVersion0BehindAMultibasePrefix) {
  EXPECT_EQ(Cid::from_string("zQmbyV4BASLJCFiCfKz37eNwFX8y6hefQ7LGpzvEwJQzNft").error(),
            Error::bad_cid_text);
  EXPECT_EQ(Cid::from_string(std::string("f1220") + kDigest).error(), Error::bad_cid_text);
}

TEST(Cid, MakesBothVersions) {
  const auto digest = unhex(kDigest);
  EXPECT_EQ(Cid::v0(digest).to_string(), "QmbyV4BASLJCFiCfKz37eNwFX8y6hefQ7LGpzvEwJQzNft");
  EXPECT_EQ(Cid::v1(0x55, 0x12, digest).to_string(),
            "bafkreigks6arfsq3xxfpvqrrwonchxcnu6do76auprhhfomao6c273sixm");
}

TEST(Cid, ComparesAndHashes) {
  const auto digest = unhex(kDigest);
  std::unordered_set<Cid> cids{Cid::v0(digest), Cid::v1(0x55, 0x12, digest), Cid::v0(digest)};
  EXPECT_EQ(cids.size(), 2U);
  EXPECT_TRUE(cids.contains(Cid::v1(0x55, 0x12, digest)));
  EXPECT_LT(Cid::v1(0x55, 0x12, digest), Cid::v0(digest));
  EXPECT_TRUE(Cid().empty());
  EXPECT_EQ(Cid().to_string(), "");
}

TEST(Cid, AppendsItsText) {
  std::string out = "/ipfs/";
  append_cid_text(unhex("01550006646174612d61"), out);
  EXPECT_EQ(out, "/ipfs/bafkqabtemf2gcllb");
}

TEST(CidPrefix, Reads) {
  const auto prefix = parse_cid_prefix(unhex("0155a0e40220"));
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->version, 1U);
  EXPECT_EQ(prefix->codec, 0x55U);
  EXPECT_EQ(prefix->hash_code, 0xb220U);
  EXPECT_EQ(prefix->digest_length, 32U);
}

TEST(CidPrefix, IgnoresTrailingBytes) {
  ASSERT_TRUE(parse_cid_prefix(unhex("01551220010203")));
}

TEST(CidPrefix, Version0IsSha256OfAnyCodec) {
  const auto prefix = parse_cid_prefix(unhex("00551220"));
  ASSERT_TRUE(prefix);
  EXPECT_EQ(make_cid(*prefix, unhex(kDigest)).to_string(),
            "QmbyV4BASLJCFiCfKz37eNwFX8y6hefQ7LGpzvEwJQzNft");
  EXPECT_EQ(parse_cid_prefix(unhex("00701214")).error(), Error::bad_cid_prefix);
  EXPECT_EQ(parse_cid_prefix(unhex("00701340")).error(), Error::bad_cid_prefix);
}

TEST(CidPrefix, MakesVersion1) {
  const auto prefix = parse_cid_prefix(unhex("01550005"));
  ASSERT_TRUE(prefix);
  EXPECT_EQ(make_cid(*prefix, base::as_bytes("data-a")).to_string(), "bafkqabtemf2gcllb");
}

TEST(CidPrefix, Refuses) {
  EXPECT_EQ(parse_cid_prefix({}).error(), Error::truncated);
  EXPECT_EQ(parse_cid_prefix(unhex("0155")).error(), Error::truncated);
  EXPECT_EQ(parse_cid_prefix(unhex("02551220")).error(), Error::bad_cid_version);
  EXPECT_EQ(parse_cid_prefix(unhex("015512ffffffffffffffffff01")).error(), Error::varint_too_long);
  EXPECT_EQ(parse_cid_prefix(unhex("0155128080808008")).error(), Error::bad_multihash);
}

}  // namespace
}  // namespace mexport::multiformats
