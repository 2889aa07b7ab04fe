// SPDX-License-Identifier: MIT
#include "multiformats/multibase.hpp"

#include "multiformats/error.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::multiformats {
namespace {

using test::unhex;

constexpr std::array kBases{
    Multibase::base16,       Multibase::base16_upper,    Multibase::base32,
    Multibase::base32_upper, Multibase::base36,          Multibase::base36_upper,
    Multibase::base58btc,    Multibase::base64,          Multibase::base64_padded,
    Multibase::base64url,    Multibase::base64url_padded};

struct Sample {
  const char* data;
  const char* text;
};

// multiformats/multibase: tests/basic.csv and leading_zero.csv.
class MultibaseSpec : public testing::TestWithParam<Sample> {};

TEST_P(MultibaseSpec, BothWays) {
  const auto data = base::as_bytes(GetParam().data);
  const std::string text = GetParam().text;
  EXPECT_EQ(encode_multibase(static_cast<Multibase>(text.front()), data), text);
  const auto back = decode_multibase(text);
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(*back, base::to_bytes(data));
}

INSTANTIATE_TEST_SUITE_P(YesMani, MultibaseSpec,
                         testing::Values(Sample{"yes mani !", "f796573206d616e692021"},
                                         Sample{"yes mani !", "F796573206D616E692021"},
                                         Sample{"yes mani !", "bpfsxgidnmfxgsibb"},
                                         Sample{"yes mani !", "BPFSXGIDNMFXGSIBB"},
                                         Sample{"yes mani !", "k2lcpzo5yikidynfl"},
                                         Sample{"yes mani !", "K2LCPZO5YIKIDYNFL"},
                                         Sample{"yes mani !", "z7paNL19xttacUY"},
                                         Sample{"yes mani !", "meWVzIG1hbmkgIQ"},
                                         Sample{"yes mani !", "MeWVzIG1hbmkgIQ=="},
                                         Sample{"yes mani !", "ueWVzIG1hbmkgIQ"},
                                         Sample{"yes mani !", "UeWVzIG1hbmkgIQ=="}));

TEST(Multibase, EveryBaseRoundTripsEveryLength) {
  base::Bytes data;
  for (std::size_t size = 0; size < 300; ++size) {
    for (const auto base : kBases) {
      const auto text = encode_multibase(base, data);
      const auto back = decode_multibase(text);
      ASSERT_TRUE(back) << text;
      ASSERT_EQ(*back, data) << text;
    }
    data.push_back(static_cast<std::uint8_t>(size * 151 + 7));
  }
}

TEST(Multibase, LeadingZeros) {
  const auto data = unhex("0000796573206d616e692021");
  EXPECT_EQ(encode_multibase(Multibase::base58btc, data), "z117paNL19xttacUY");
  EXPECT_EQ(encode_multibase(Multibase::base36, data), "k002lcpzo5yikidynfl");
  EXPECT_EQ(*decode_multibase("z117paNL19xttacUY"), data);
  EXPECT_EQ(*decode_multibase("k002lcpzo5yikidynfl"), data);
  EXPECT_EQ(encode_base58(unhex("0000")), "11");
  EXPECT_EQ(*decode_base58("11"), unhex("0000"));
}

TEST(Multibase, ManyBitsOfOnes) {
  for (const std::size_t size : {1U, 4U, 5U, 34U, 63U, 64U, 65U, 200U}) {
    const base::Bytes data(size, 0xff);
    EXPECT_EQ(*decode_base58(encode_base58(data)), data);
    EXPECT_EQ(*decode_multibase(encode_multibase(Multibase::base36, data)), data);
  }
}

TEST(Multibase, Base16AndBase32And36TakeEitherCase) {
  EXPECT_EQ(*decode_multibase("f796573206D616E692021"), *decode_multibase("F796573206d616e692021"));
  EXPECT_EQ(*decode_multibase("bPFSXGIDNMFXGSIBB"), *decode_multibase("Bpfsxgidnmfxgsibb"));
  EXPECT_EQ(*decode_multibase("k2LCPZO5YIKIDYNFL"), *decode_multibase("K2lcpzo5yikidynfl"));
}

TEST(Multibase, Refuses) {
  EXPECT_EQ(decode_multibase("").error(), Error::truncated);
  for (const auto* text :
       {"x1234", "9123", "f1",     "f1g",   "b1",    "ba",    "bab=",  "baaa",
        "bab",   "z0",   "zO",     "zl",    "k-",    "mA",    "mAB",   "mAA=",
        "MAA",   "MAA=", "MAA===", "MA===", "M=AA=", "mAA-_", "uAA+/", "UAA==AA=="}) {
    EXPECT_EQ(decode_multibase(text).error(), Error::bad_multibase) << text;
  }
  EXPECT_EQ(decode_multibase("z" + std::string(kMaxRadixText + 1, '1')).error(), Error::too_long);
  EXPECT_EQ(decode_base58(std::string(kMaxRadixText + 1, '1')).error(), Error::too_long);
  EXPECT_EQ(decode_base58("0").error(), Error::bad_multibase);
}

TEST(Multibase, AppendsKeepWhatIsThere) {
  std::string out = "x";
  append_base58(out, unhex("0001"));
  append_base32_lower(unhex("01551220ff"), out);
  EXPECT_EQ(out,
            "x12"
            "afkreih7");
}

}  // namespace
}  // namespace mexport::multiformats
