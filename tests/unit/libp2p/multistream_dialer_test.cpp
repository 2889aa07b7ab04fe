// SPDX-License-Identifier: MIT
#include "libp2p/multistream/dialer.hpp"
#include "libp2p/multistream/error.hpp"
#include "libp2p/multistream/listener.hpp"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>

namespace mexport::libp2p::multistream {
namespace {

constexpr std::array<std::string_view, 3> kProposals{"/a/3", "/a/2", "/a/1"};

base::Bytes tokens(std::initializer_list<std::string_view> texts) {
  base::Bytes out;
  for (const auto text : texts) append_token(out, text);
  return out;
}

TEST(MultistreamDialer, HeaderAndFirstChoiceGoOutTogether) {
  base::Bytes out;
  Dialer(kProposals).start(out);
  EXPECT_EQ(out, tokens({kHeader, "/a/3"}));
}

TEST(MultistreamDialer, AcceptedAtOnceWithPayloadBehind) {
  base::Bytes in = tokens({kHeader, "/a/3"});
  const std::size_t negotiation = in.size();
  in.push_back(0x42);
  Dialer dialer(kProposals);
  base::Bytes out;
  const auto progress = dialer.receive(in, out);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->protocol, "/a/3");
  EXPECT_EQ(progress->consumed, negotiation);
  EXPECT_TRUE(out.empty());
}

TEST(MultistreamDialer, NaBringsTheNextProposal) {
  Dialer dialer(kProposals);
  base::Bytes out;
  const base::Bytes in = tokens({kHeader, "na", "na", "/a/1"});
  std::optional<std::string_view> agreed;
  for (const std::uint8_t byte : in) {
    const auto progress = dialer.receive({&byte, 1}, out);
    ASSERT_TRUE(progress);
    agreed = progress->protocol;
  }
  EXPECT_EQ(agreed, "/a/1");
  EXPECT_EQ(out, tokens({"/a/2", "/a/1"}));
}

TEST(MultistreamDialer, AllRefused) {
  Dialer dialer(kProposals);
  base::Bytes out;
  const auto progress = dialer.receive(tokens({kHeader, "na", "na", "na"}), out);
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error(), Error::refused);
}

TEST(MultistreamDialer, LazyFormEndsWithTheFirstNa) {
  Dialer dialer(kProposals, Form::lazy);
  base::Bytes out;
  dialer.start(out);
  EXPECT_EQ(out, tokens({kHeader, "/a/3"}));
  out.clear();
  const auto progress = dialer.receive(tokens({kHeader, "na"}), out);
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error(), Error::refused);
  EXPECT_TRUE(out.empty());
}

TEST(MultistreamDialer, RefusesOddAnswers) {
  const std::pair<base::Bytes, Error> cases[] = {
      {tokens({"/multistream/0.9.0"}), Error::wrong_header},
      {tokens({kHeader, "/a/2"}), Error::unexpected_answer},
      {tokens({kHeader, kHeader}), Error::unexpected_answer},
      {{0x02, 'n', 'a'}, Error::malformed_token},
      {{0xff, 0x7f}, Error::token_too_long},
  };
  for (const auto& [in, error] : cases) {
    Dialer dialer(kProposals);
    base::Bytes out;
    const auto progress = dialer.receive(in, out);
    ASSERT_FALSE(progress);
    EXPECT_EQ(progress.error(), error);
  }
}

// The lazy form end to end: header, protocol and payload in one flight, the answer afterwards.
TEST(MultistreamDialer, LazyFlightAgainstAListener) {
  Dialer dialer(kProposals, Form::lazy);
  base::Bytes flight;
  dialer.start(flight);
  base::append(flight, base::as_bytes("hello"));

  Listener listener;
  base::Bytes answer;
  Listener::start(answer);
  const auto heard =
      listener.receive(flight, answer, [](std::string_view id) { return id == "/a/3"; });
  ASSERT_TRUE(heard && heard->protocol);
  EXPECT_EQ(base::as_text(base::ByteView(flight).subspan(heard->consumed)), "hello");

  base::Bytes out;
  const auto agreed = dialer.receive(answer, out);
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->protocol, "/a/3");
}

}  // namespace
}  // namespace mexport::libp2p::multistream
