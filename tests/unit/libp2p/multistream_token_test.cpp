// SPDX-License-Identifier: MIT
#include "libp2p/multistream/error.hpp"
#include "libp2p/multistream/token.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::libp2p::multistream {
namespace {

base::Bytes from_hex(std::string_view hex) {
  base::Bytes bytes;
  EXPECT_TRUE(base::from_hex(hex, bytes));
  return bytes;
}

std::string token_hex(std::string_view text) {
  base::Bytes out;
  append_token(out, text);
  return base::to_hex(out);
}

TEST(MultistreamToken, EncodesTheKnownTokens) {
  EXPECT_EQ(token_hex(kHeader), "132f6d756c746973747265616d2f312e302e300a");
  EXPECT_EQ(token_hex(kNotAvailable), "036e610a");
  EXPECT_EQ(token_hex("/noise"), "072f6e6f6973650a");
  EXPECT_EQ(token_hex("/tls/1.0.0"), "0b2f746c732f312e302e300a");
  EXPECT_EQ(token_hex("/yamux/1.0.0"), "0d2f79616d75782f312e302e300a");
}

TEST(MultistreamToken, TwoByteLengths) {
  const std::string text(kMaxTokenSize - 1, 'x');
  base::Bytes bytes;
  append_token(bytes, text);
  EXPECT_EQ(bytes.size(), kMaxTokenSize + 2);
  base::ByteView in = bytes;
  TokenReader reader;
  const auto token = reader.next(in);
  ASSERT_TRUE(token && *token);
  EXPECT_EQ(**token, text);
  EXPECT_TRUE(in.empty());
}

TEST(MultistreamToken, ReadsAnyFragmentation) {
  const std::string texts[] = {std::string(kHeader), std::string(200, 'a'), "", "/x"};
  base::Bytes bytes;
  for (const auto& text : texts) append_token(bytes, text);
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    TokenReader reader;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      auto in = base::ByteView(bytes).subspan(at, std::min(step, bytes.size() - at));
      while (true) {
        const auto token = reader.next(in);
        ASSERT_TRUE(token);
        if (!*token) break;
        seen.emplace_back(**token);
      }
      EXPECT_TRUE(in.empty());
    }
    EXPECT_EQ(seen, std::vector<std::string>(std::begin(texts), std::end(texts))) << step;
  }
}

TEST(MultistreamToken, LeavesWhatFollows) {
  base::Bytes bytes = from_hex("036e610a0102");
  base::ByteView in = bytes;
  TokenReader reader;
  EXPECT_EQ(reader.next(in).value().value(), "na");
  EXPECT_EQ(base::to_hex(in), "0102");
}

std::error_code error_of(std::string_view hex, bool bytewise) {
  const base::Bytes bytes = from_hex(hex);
  TokenReader reader;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = bytewise ? 1 : bytes.size();
    base::ByteView in = base::ByteView(bytes).subspan(at, size);
    const auto token = reader.next(in);
    if (!token) return token.error();
    at += size;
  }
  return {};
}

TEST(MultistreamToken, RefusesBadTokens) {
  const std::pair<const char*, Error> cases[] = {
      {"00", Error::malformed_token},          // empty
      {"026161", Error::malformed_token},      // no newline
      {"83006e610a", Error::malformed_token},  // length not in minimal form
      {"8108", Error::token_too_long},         // 1025
      {"ffff", Error::token_too_long},         // more than two bytes
  };
  for (const auto& [hex, error] : cases) {
    EXPECT_EQ(error_of(hex, false), error) << hex;
    EXPECT_EQ(error_of(hex, true), error) << hex;
  }
  EXPECT_EQ(error_of("8008", true), std::error_code());  // 1024 is allowed
}

}  // namespace
}  // namespace mexport::libp2p::multistream
