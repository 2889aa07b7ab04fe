// SPDX-License-Identifier: MIT
#include "libp2p/noise/error.hpp"
#include "libp2p/noise/payload.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::noise {
namespace {

// The fields: key "K", signature "SG", muxers "/yamux/1.0.0" and "/m".
constexpr std::string_view kEncoded = "\x0a\x01K\x12\x02SG\x22\x12\x12\x0c/yamux/1.0.0\x12\x02/m";

TEST(NoisePayload, EncodesItsFieldsInOrder) {
  const std::vector<std::string> muxers = {"/yamux/1.0.0", "/m"};
  EXPECT_EQ(base::as_text(encode_payload(base::as_bytes("K"), base::as_bytes("SG"), muxers)),
            kEncoded);
}

TEST(NoisePayload, LeavesEmptyExtensionsOut) {
  EXPECT_EQ(base::as_text(encode_payload(base::as_bytes("K"), base::as_bytes("SG"), {})),
            kEncoded.substr(0, 7));
}

TEST(NoisePayload, Decodes) {
  const auto payload = decode_payload(base::as_bytes(kEncoded));
  ASSERT_TRUE(payload);
  EXPECT_EQ(base::as_text(payload->identity_key), "K");
  EXPECT_EQ(base::as_text(payload->identity_signature), "SG");
  EXPECT_EQ(payload->muxers, (std::vector<std::string_view>{"/yamux/1.0.0", "/m"}));
}

TEST(NoisePayload, CutOnesAreRefusedOrComplete) {
  for (std::size_t size = 0; size < kEncoded.size(); ++size) {
    const auto payload = decode_payload(base::as_bytes(kEncoded.substr(0, size)));
    EXPECT_EQ(payload.has_value(), size == 7) << size;
    EXPECT_TRUE(payload || payload.error() == Error::bad_payload) << size;
  }
}

TEST(NoisePayload, SignedTextIsPrefixAndKey) {
  crypto::X25519PublicKey key;
  key.fill('k');
  EXPECT_EQ(base::as_text(signed_text(key)), "noise-libp2p-static-key:" + std::string(32, 'k'));
}

}  // namespace
}  // namespace mexport::libp2p::noise
