// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"
#include "libp2p/noise/channel.hpp"
#include "libp2p/noise/error.hpp"
#include "libp2p/noise/handshake.hpp"
#include "tests/unit/libp2p/noise_fixture.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace mexport::libp2p::noise {
namespace {

struct MuxerCase {
  std::vector<std::string> initiator;
  std::vector<std::string> responder;
  std::string chosen;
};

TEST(NoiseHandshake, MuxerIsTheFirstOfTheInitiatorThatBothHave) {
  std::vector<std::string> many(kMaxMuxers, "/other");
  many.back() = "/yamux/1.0.0";
  auto too_many = many;
  too_many.push_back("/yamux/1.0.0");
  const MuxerCase cases[] = {
      {{"/yamux/1.0.0"}, {"/yamux/1.0.0"}, "/yamux/1.0.0"},
      {{"/a", "/b", "/c"}, {"/c", "/b"}, "/b"},
      {{"/a"}, {"/b"}, ""},
      {{}, {"/yamux/1.0.0"}, ""},
      {{"/yamux/1.0.0"}, {}, ""},
      {many, {"/yamux/1.0.0"}, "/yamux/1.0.0"},
  };
  for (const auto& [of_initiator, of_responder, chosen] : cases) {
    Party a(crypto::KeyType::ed25519, of_initiator);
    Party b(crypto::KeyType::ed25519, of_responder);
    const auto initiator = a.handshake(Direction::outbound);
    const auto responder = b.handshake(Direction::inbound);
    ASSERT_TRUE(run(*initiator, *responder));
    EXPECT_EQ(initiator->take_result().early_muxer, chosen);
    EXPECT_EQ(responder->take_result().early_muxer, chosen);
  }
  Party a(crypto::KeyType::ed25519, too_many);
  Party b;
  const auto initiator = a.handshake(Direction::outbound);
  const auto responder = b.handshake(Direction::inbound);
  ASSERT_TRUE(run(*initiator, *responder));
  EXPECT_EQ(responder->take_result().early_muxer, "");
}

TEST(NoiseHandshake, EveryChangedByteIsNoticed) {
  Party a;
  Party b;
  for (int message = 1; message <= 3; ++message) {
    for (std::size_t place = kLengthSize; place < 180; place += 11) {
      const auto initiator = a.handshake(Direction::outbound);
      const auto responder = b.handshake(Direction::inbound);
      base::Bytes wire;
      base::Bytes back;
      base::Status status = initiator->start(wire);
      const auto tamper = [&](int now, base::Bytes& bytes) {
        if (now == message) bytes[place % (bytes.size() - kLengthSize) + kLengthSize] ^= 0x10;
      };
      tamper(1, wire);
      if (status) status = feed(*responder, wire, back, 1000);
      tamper(2, back);
      if (status) status = feed(*initiator, back, wire, 1000);
      if (!status) continue;
      tamper(3, wire);
      status = feed(*responder, wire, back, 1000);
      EXPECT_FALSE(status) << "message " << message << " at " << place;
      EXPECT_FALSE(responder->done());
    }
  }
}

TEST(NoiseHandshake, ARepeatedFirstMessageIsNoThirdOne) {
  Party a;
  Party b;
  const auto initiator = a.handshake(Direction::outbound);
  const auto responder = b.handshake(Direction::inbound);
  base::Bytes first;
  base::Bytes out;
  ASSERT_TRUE(initiator->start(first));
  ASSERT_TRUE(responder->receive(first, out));
  EXPECT_FALSE(responder->receive(first, out));
}

TEST(NoiseHandshake, ThirdMessageOfAnotherRunIsRefused) {
  Party a;
  Party b;
  base::Bytes recorded;
  for (int turn = 0; turn < 2; ++turn) {
    const auto initiator = a.handshake(Direction::outbound);
    const auto responder = b.handshake(Direction::inbound);
    base::Bytes to_b;
    base::Bytes to_a;
    ASSERT_TRUE(initiator->start(to_b));
    ASSERT_TRUE(feed(*responder, to_b, to_a, 1000));
    ASSERT_TRUE(feed(*initiator, to_a, to_b, 1000));
    if (turn == 0) {
      recorded = to_b;
    } else {
      EXPECT_EQ(feed(*responder, recorded, to_a, 1000).error(), crypto::Error::decryption_failed);
    }
  }
}

TEST(NoiseHandshake, LowOrderEphemeralKeysAreRefused) {
  Party b;
  const auto responder = b.handshake(Direction::inbound);
  base::Bytes first(kLengthSize + 32);
  write_length(32, first.data());
  base::Bytes out;
  EXPECT_EQ(responder->receive(first, out).error(), crypto::Error::low_order_point);
  EXPECT_TRUE(out.empty());
}

TEST(NoiseHandshake, FramesHaveTheirLimits) {
  Party b;
  base::Bytes out;
  const auto large = b.handshake(Direction::inbound);
  EXPECT_EQ(large->receive(base::Bytes{0x20, 0x01}, out).error(), Error::frame_too_large);
  const auto small = b.handshake(Direction::inbound);
  EXPECT_EQ(small->receive(base::Bytes{0x00, 0x00}, out).error(), Error::frame_too_small);
  const auto full = b.handshake(Direction::inbound);
  base::Bytes first(kLengthSize + kMaxHandshakeFrame, 9);
  write_length(kMaxHandshakeFrame, first.data());
  EXPECT_EQ(full->receive(first, out).value(), first.size());
}

/// A peer that keeps to the pattern, but with a payload of its own making.
class NoiseHandshakePayload : public testing::Test {
 protected:
  base::Status offer(base::ByteView payload) {
    const auto responder = honest_.handshake(Direction::inbound);
    XxPattern pattern(Direction::outbound, keys_, crypto::X25519KeyPair::generate(), aead_);
    base::Bytes out;
    base::Bytes message;
    EXPECT_TRUE(pattern.write_first({}, message));
    EXPECT_TRUE(responder->receive(framed(message), out));
    EXPECT_TRUE(pattern.read_second(base::ByteView(out).subspan(kLengthSize)));
    message.clear();
    EXPECT_TRUE(pattern.write_third(payload, message));
    out.clear();
    const auto received = responder->receive(framed(message), out);
    EXPECT_EQ(responder->done(), received.has_value());
    if (!received) return base::fail(received.error());
    peer_ = responder->take_result().peer;
    return {};
  }

  static base::Bytes framed(base::ByteView message) {
    base::Bytes frame(kLengthSize);
    write_length(message.size(), frame.data());
    base::append(frame, message);
    return frame;
  }

  base::Bytes good_signature() const {
    return identity_.private_key().sign(signed_text(keys_.public_key())).value();
  }

  Party honest_;
  crypto::Aead aead_;
  PeerIdentity identity_ = PeerIdentity::generate().value();
  crypto::X25519KeyPair keys_ = crypto::X25519KeyPair::generate();
  multiformats::PeerId peer_;
};

TEST_F(NoiseHandshakePayload, WithoutExtensionsIsFine) {
  ASSERT_TRUE(offer(encode_payload(identity_.public_key().protobuf(), good_signature(), {})));
  EXPECT_EQ(peer_, identity_.peer_id());
}

TEST_F(NoiseHandshakePayload, UnknownFieldsAreIgnored) {
  auto payload = encode_payload(identity_.public_key().protobuf(), good_signature(), {});
  base::append(payload, base::as_bytes("\x1a\x04"
                                       "data"
                                       "\x28\x07"
                                       "\x22\x03\x0a\x01x"));
  EXPECT_TRUE(offer(payload));
}

TEST_F(NoiseHandshakePayload, SignatureOverAnotherKey) {
  const auto other = crypto::X25519KeyPair::generate();
  const auto signature = identity_.private_key().sign(signed_text(other.public_key())).value();
  EXPECT_EQ(offer(encode_payload(identity_.public_key().protobuf(), signature, {})).error(),
            Error::bad_signature);
}

TEST_F(NoiseHandshakePayload, SignatureByAnotherKey) {
  EXPECT_EQ(
      offer(encode_payload(honest_.identity.public_key().protobuf(), good_signature(), {})).error(),
      Error::bad_signature);
}

TEST_F(NoiseHandshakePayload, BadIdentityKey) {
  EXPECT_EQ(offer(encode_payload(base::as_bytes("nonsense"), good_signature(), {})).error(),
            Error::bad_identity);
}

TEST_F(NoiseHandshakePayload, NoPayloadAtAll) {
  EXPECT_EQ(offer({}).error(), Error::bad_payload);
}

TEST_F(NoiseHandshakePayload, NoProtobuf) {
  EXPECT_EQ(offer(base::as_bytes("\x0a\xff")).error(), Error::bad_payload);
}

}  // namespace
}  // namespace mexport::libp2p::noise
