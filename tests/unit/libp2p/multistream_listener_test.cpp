// SPDX-License-Identifier: MIT
#include "libp2p/multistream/error.hpp"
#include "libp2p/multistream/listener.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace mexport::libp2p::multistream {
namespace {

base::Bytes tokens(std::initializer_list<std::string_view> texts) {
  base::Bytes out;
  for (const auto text : texts) append_token(out, text);
  return out;
}

const KnownProtocol kKnowsNoise = [](std::string_view protocol) { return protocol == "/noise"; };

TEST(MultistreamListener, StartsWithTheHeader) {
  base::Bytes out;
  Listener::start(out);
  EXPECT_EQ(out, tokens({kHeader}));
}

TEST(MultistreamListener, EchoesAKnownProtocolAndLeavesItsPayload) {
  base::Bytes in = tokens({kHeader, "/noise"});
  const std::size_t negotiation = in.size();
  base::append(in, base::as_bytes("payload"));
  Listener listener;
  base::Bytes out;
  const auto progress = listener.receive(in, out, kKnowsNoise);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->protocol, "/noise");
  EXPECT_EQ(progress->consumed, negotiation);
  EXPECT_EQ(out, tokens({"/noise"}));
}

TEST(MultistreamListener, AnswersNaUntilAKnownProtocolComes) {
  Listener listener;
  base::Bytes out;
  const auto first =
      listener.receive(tokens({kHeader, "/tls/1.0.0", "ls", "/NOISE"}), out, kKnowsNoise);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->protocol);
  EXPECT_EQ(out, tokens({"na", "na", "na"}));
  out.clear();
  const base::Bytes in = tokens({"/noise"});  // the agreed protocol is a view of it
  const auto second = listener.receive(in, out, kKnowsNoise);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->protocol, "/noise");
  EXPECT_EQ(out, tokens({"/noise"}));
}

TEST(MultistreamListener, ByteByByte) {
  const base::Bytes in = tokens({kHeader, "/other", "/noise"});
  Listener listener;
  base::Bytes out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto progress = listener.receive(base::ByteView(in).subspan(i, 1), out, kKnowsNoise);
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->consumed, 1U);
    EXPECT_EQ(progress->protocol.has_value(), i + 1 == in.size());
  }
  EXPECT_EQ(out, tokens({"na", "/noise"}));
}

TEST(MultistreamListener, RefusesAnotherHeader) {
  for (const auto header : {"/multistream/2.0.0", "/noise", "/multistream/1.0.0 "}) {
    Listener listener;
    base::Bytes out;
    const auto progress = listener.receive(tokens({header}), out, kKnowsNoise);
    ASSERT_FALSE(progress);
    EXPECT_EQ(progress.error(), Error::wrong_header);
  }
}

TEST(MultistreamListener, RefusesOversizeTokens) {
  Listener listener;
  base::Bytes out;
  base::Bytes in = tokens({kHeader});
  in.insert(in.end(), {0x81, 0x08});
  const auto progress = listener.receive(in, out, kKnowsNoise);
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error(), Error::token_too_long);
}

TEST(MultistreamListener, LimitsProposals) {
  Listener listener;
  base::Bytes out;
  ASSERT_TRUE(listener.receive(tokens({kHeader}), out, kKnowsNoise));
  for (std::size_t i = 1; i < kMaxProposals; ++i) {
    ASSERT_TRUE(listener.receive(tokens({"/x"}), out, kKnowsNoise));
  }
  const auto progress = listener.receive(tokens({"/x"}), out, kKnowsNoise);
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error(), Error::too_many_proposals);
  EXPECT_EQ(out.size(), (kMaxProposals - 1) * 4);
}

}  // namespace
}  // namespace mexport::libp2p::multistream
