// SPDX-License-Identifier: MIT
#include "libp2p/negotiate_stream.hpp"

#include "libp2p/multistream/error.hpp"
#include "tests/unit/libp2p/fake_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <string>

namespace mexport::libp2p {
namespace {

base::Bytes tokens(std::initializer_list<std::string_view> texts, std::string_view payload = {}) {
  base::Bytes out;
  for (const auto text : texts) multistream::append_token(out, text);
  base::append(out, base::as_bytes(payload));
  return out;
}

/// Keeps what it is told where the test can read it.
class Application final : public StreamHandler {
 public:
  explicit Application(std::string& heard) : heard_(heard) {}
  void on_data(Stream&, base::ByteView data) override { heard_ += base::as_text(data); }
  void on_remote_close(Stream&) override { heard_ += "|closed"; }
  void on_reset(Stream&, StreamCode) override { heard_ += "|reset"; }
  void on_drained(Stream&) override { heard_ += "[drained]"; }

 private:
  std::string& heard_;
};

class InboundNegotiatorTest : public testing::Test, public InboundNegotiationEvents {
 protected:
  InboundNegotiatorTest() {
    table.add("/echo/1", [this](Stream&, std::string_view protocol) {
      made = protocol;
      return std::make_unique<Application>(heard);
    });
    table.add("/full", [](Stream&, std::string_view) { return nullptr; });
    InboundNegotiator::start(stream, table, this);
  }
  void on_inbound_negotiated(Stream& at, base::Result<std::string_view> protocol) override {
    ++outcomes;
    if (protocol) {
      agreed = *protocol;
    } else {
      error = protocol.error();
    }
    if (reset_on_outcome) at.reset(StreamCode::rate_limited);
  }

  ProtocolTable table;
  FakeStream stream;
  std::string heard;
  std::string made;
  std::string agreed;
  std::error_code error;
  int outcomes = 0;
  bool reset_on_outcome = false;
};

TEST_F(InboundNegotiatorTest, SendsItsHeaderAtOnce) {
  EXPECT_EQ(stream.take_written(), tokens({multistream::kHeader}));
}

TEST_F(InboundNegotiatorTest, HandsPayloadOfTheSamePacketOn) {
  stream.take_written();
  const base::Bytes in = tokens({multistream::kHeader, "/echo/1"}, "hello");
  stream.peer_sends(in);
  EXPECT_EQ(stream.take_written(), tokens({"/echo/1"}));
  EXPECT_EQ(made, "/echo/1");
  EXPECT_EQ(agreed, "/echo/1");
  EXPECT_EQ(stream.consumed, in.size() - 5);  // the payload is the application's to consume
  stream.peer_sends(base::as_bytes(", world"));
  stream.peer_closes();
  EXPECT_EQ(heard, "hello, world|closed");
  EXPECT_EQ(outcomes, 1);
}

TEST_F(InboundNegotiatorTest, ByteByByteWithARefusalBefore) {
  stream.take_written();
  for (const std::uint8_t byte : tokens({multistream::kHeader, "/x", "/echo/1"}, "hi")) {
    stream.peer_sends({&byte, 1});
  }
  EXPECT_EQ(stream.take_written(), tokens({"na", "/echo/1"}));
  EXPECT_EQ(heard, "hi");
}

TEST_F(InboundNegotiatorTest, FailureResetsTheStream) {
  stream.peer_sends(tokens({"/multistream/9"}));
  EXPECT_EQ(stream.reset_code, StreamCode::protocol_negotiation_failed);
  EXPECT_EQ(error, multistream::Error::wrong_header);
  EXPECT_EQ(outcomes, 1);
}

TEST_F(InboundNegotiatorTest, PeerClosesTooEarly) {
  stream.peer_sends(tokens({multistream::kHeader, "/x"}));
  stream.peer_closes();
  EXPECT_EQ(stream.reset_code, StreamCode::protocol_negotiation_failed);
  EXPECT_EQ(error, StreamError::negotiation_failed);
}

TEST_F(InboundNegotiatorTest, PeerResets) {
  stream.peer_resets(StreamCode::none);
  EXPECT_FALSE(stream.reset_code);
  EXPECT_EQ(error, StreamError::negotiation_failed);
}

TEST_F(InboundNegotiatorTest, AFactoryMayRefuse) {
  stream.peer_sends(tokens({multistream::kHeader, "/full"}, "data"));
  EXPECT_EQ(stream.reset_code, StreamCode::resource_limit_exceeded);
}

TEST_F(InboundNegotiatorTest, TheOwnerMayResetOnTheOutcome) {
  reset_on_outcome = true;
  stream.peer_sends(tokens({multistream::kHeader, "/echo/1"}, "data"));
  EXPECT_EQ(stream.reset_code, StreamCode::rate_limited);
  EXPECT_EQ(made + heard, "");
}

class OutboundNegotiatorTest : public testing::Test {
 protected:
  static constexpr std::array<std::string_view, 2> kProposals{"/p/2", "/p/1"};

  base::Status start(multistream::Form form) {
    return OutboundNegotiator::start(stream, kProposals, form, std::make_unique<Application>(heard),
                                     [this](Stream& at, base::Result<std::string_view> protocol) {
                                       ++outcomes;
                                       if (protocol) {
                                         agreed = *protocol;
                                       } else {
                                         error = protocol.error();
                                       }
                                       if (reset_on_outcome) at.reset(StreamCode::shutdown);
                                     });
  }

  FakeStream stream{Direction::outbound};
  std::string heard;
  std::string agreed;
  std::error_code error;
  int outcomes = 0;
  bool reset_on_outcome = false;
};

TEST_F(OutboundNegotiatorTest, ProposesUntilThePeerAgrees) {
  ASSERT_TRUE(start(multistream::Form::waiting));
  EXPECT_EQ(stream.take_written(), tokens({multistream::kHeader, "/p/2"}));
  stream.peer_sends(tokens({multistream::kHeader, "na"}));
  EXPECT_EQ(stream.take_written(), tokens({"/p/1"}));
  EXPECT_EQ(outcomes, 0);
  const base::Bytes answer = tokens({"/p/1"}, "first");
  stream.peer_sends(answer);
  stream.peer_sends(base::as_bytes(" second"));
  EXPECT_EQ(agreed, "/p/1");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(heard, "first second");
}

TEST_F(OutboundNegotiatorTest, LazyFormWritesAtOnceAndChecksLater) {
  ASSERT_TRUE(start(multistream::Form::lazy));
  ASSERT_TRUE(stream.write(base::as_bytes("request")));
  stream.close_write();
  EXPECT_EQ(stream.take_written(), tokens({multistream::kHeader, "/p/2"}, "request"));
  for (const std::uint8_t byte : tokens({multistream::kHeader, "/p/2"}, "reply")) {
    stream.peer_sends({&byte, 1});
  }
  EXPECT_EQ(agreed, "/p/2");
  EXPECT_EQ(heard, "reply");
}

TEST_F(OutboundNegotiatorTest, LazyFormHearsThatThePeerHasReadBeforeItAnswers) {
  ASSERT_TRUE(start(multistream::Form::lazy));
  stream.drained();
  EXPECT_EQ(heard, "[drained]");
  stream.peer_sends(tokens({multistream::kHeader, "/p/2"}, "reply"));
  EXPECT_EQ(heard, "[drained]reply");

  std::string second_heard;
  FakeStream second(Direction::outbound);
  ASSERT_TRUE(OutboundNegotiator::start(second, kProposals, multistream::Form::waiting,
                                        std::make_unique<Application>(second_heard), {}));
  second.drained();
  EXPECT_EQ(second_heard, "") << "nothing of its own has been written";
}

TEST_F(OutboundNegotiatorTest, AllRefusedResetsTheStream) {
  ASSERT_TRUE(start(multistream::Form::waiting));
  stream.peer_sends(tokens({multistream::kHeader, "na", "na"}));
  EXPECT_EQ(stream.reset_code, StreamCode::protocol_negotiation_failed);
  EXPECT_EQ(error, multistream::Error::refused);
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(heard, "");
}

TEST_F(OutboundNegotiatorTest, PeerClosesOrResetsTooEarly) {
  ASSERT_TRUE(start(multistream::Form::waiting));
  stream.peer_closes();
  EXPECT_EQ(error, StreamError::negotiation_failed);
  EXPECT_EQ(stream.reset_code, StreamCode::protocol_negotiation_failed);

  FakeStream second(Direction::outbound);
  std::error_code second_error;
  ASSERT_TRUE(OutboundNegotiator::start(
      second, kProposals, multistream::Form::lazy, std::make_unique<Application>(heard),
      [&](Stream&, base::Result<std::string_view> protocol) { second_error = protocol.error(); }));
  second.peer_resets(StreamCode::resource_limit_exceeded);
  EXPECT_EQ(second_error, StreamError::negotiation_failed);
  EXPECT_EQ(heard, "");
}

TEST_F(OutboundNegotiatorTest, TheCallbackMayResetTheStream) {
  reset_on_outcome = true;
  ASSERT_TRUE(start(multistream::Form::waiting));
  stream.peer_sends(tokens({multistream::kHeader, "/p/2"}, "data"));
  EXPECT_EQ(stream.reset_code, StreamCode::shutdown);
  EXPECT_EQ(heard, "");
}

TEST_F(OutboundNegotiatorTest, NeedsNoCallback) {
  ASSERT_TRUE(OutboundNegotiator::start(stream, kProposals, multistream::Form::waiting,
                                        std::make_unique<Application>(heard), {}));
  stream.peer_sends(tokens({multistream::kHeader, "/p/2"}, "data"));
  EXPECT_EQ(heard, "data");
}

TEST_F(OutboundNegotiatorTest, AClosedStreamCannotNegotiate) {
  stream.reset(StreamCode::none);
  EXPECT_EQ(start(multistream::Form::waiting).error(), StreamError::closed);
}

}  // namespace
}  // namespace mexport::libp2p
