// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"
#include "libp2p/noise/channel.hpp"
#include "tests/unit/libp2p/noise_fixture.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mexport::libp2p::noise {
namespace {

class NoiseChannel : public testing::Test {
 protected:
  static CipherState cipher(std::uint8_t fill) {
    std::array<std::uint8_t, 32> key;
    key.fill(fill);
    return CipherState(crypto::AeadKey(key));
  }

  static base::Bytes text(std::size_t size) {
    base::Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i ^ (i >> 8));
    return bytes;
  }

  base::Bytes sealed(base::ByteView plaintext) {
    base::Bytes wire;
    a_.send(plaintext, wire);
    return wire;
  }

  crypto::Aead aead_;
  Channel a_{aead_, cipher(1), cipher(2)};
  Channel b_{aead_, cipher(2), cipher(1)};
  CollectingSink sink_;
};

TEST_F(NoiseChannel, IdleStateIsSmall) {
  EXPECT_LE(sizeof(Channel), 128U);
}

TEST_F(NoiseChannel, AppendsFramesToWhatIsThere) {
  base::Bytes wire = {1, 2, 3};
  a_.send(text(10), wire);
  EXPECT_EQ(wire.size(), 3 + kLengthSize + 10 + crypto::kAeadTagSize);
  EXPECT_EQ(read_length(base::ByteView(wire).subspan(3)), 26U);
  ASSERT_TRUE(b_.receive(base::MutableByteView(wire).subspan(3), sink_));
  EXPECT_EQ(sink_.bytes, text(10));
}

TEST_F(NoiseChannel, NothingSendsNothing) {
  EXPECT_TRUE(sealed({}).empty());
}

TEST_F(NoiseChannel, SplitsLongPlaintext) {
  const auto plain = text(2 * kMaxPlaintext + 5);
  auto wire = sealed(plain);
  EXPECT_EQ(wire.size(), plain.size() + 3 * (kLengthSize + crypto::kAeadTagSize));
  EXPECT_EQ(read_length(wire), kMaxMessage);
  ASSERT_TRUE(b_.receive(wire, sink_));
  EXPECT_EQ(sink_.bytes, plain);
  EXPECT_EQ(sink_.calls, 3U);
}

TEST_F(NoiseChannel, WholeFramesAreDecryptedWhereTheyLie) {
  class InPlace final : public PlaintextSink {
   public:
    explicit InPlace(base::ByteView range) : range_(range) {}
    base::Status on_plaintext(base::ByteView plaintext) override {
      EXPECT_GE(plaintext.data(), range_.data());
      EXPECT_LE(plaintext.data() + plaintext.size(), range_.data() + range_.size());
      return {};
    }

   private:
    base::ByteView range_;
  };
  auto wire = sealed(text(100));
  a_.send(text(3000), wire);
  InPlace sink(wire);
  ASSERT_TRUE(b_.receive(wire, sink));
  EXPECT_EQ(b_.buffered(), 0U);
}

TEST_F(NoiseChannel, AnyFragmentationWill) {
  for (std::size_t step = 1; step < 150; step += step < 40 ? 1 : 7) {
    base::Bytes plain;
    base::Bytes wire;
    for (const std::size_t size : {1U, 50U, 3U, 120U}) {
      base::append(plain, text(size));
      a_.send(text(size), wire);
    }
    sink_.bytes.clear();
    base::MutableByteView rest = wire;
    while (!rest.empty()) {
      const auto size = std::min(step, rest.size());
      ASSERT_TRUE(b_.receive(rest.first(size), sink_)) << step;
      EXPECT_LE(b_.buffered(), kLengthSize + 120 + crypto::kAeadTagSize);
      rest = rest.subspan(size);
    }
    EXPECT_EQ(sink_.bytes, plain) << step;
    EXPECT_EQ(b_.buffered(), 0U);
  }
}

TEST_F(NoiseChannel, EmptyFramesAreLegalAndSilent) {
  auto sender = cipher(1);
  base::Bytes wire(kLengthSize + crypto::kAeadTagSize);
  write_length(crypto::kAeadTagSize, wire.data());
  sender.encrypt(aead_, {}, {}, base::MutableByteView(wire).subspan(kLengthSize));
  ASSERT_TRUE(b_.receive(wire, sink_));
  EXPECT_EQ(sink_.calls, 0U);
}

TEST_F(NoiseChannel, ChangedBytesAreNoticed) {
  for (std::size_t place = kLengthSize; place < 40; ++place) {
    Channel receiver(aead_, cipher(2), cipher(1));
    Channel sender(aead_, cipher(1), cipher(2));
    base::Bytes wire;
    sender.send(text(30), wire);
    wire[place] ^= 4;
    EXPECT_EQ(receiver.receive(wire, sink_).error(), crypto::Error::decryption_failed) << place;
  }
  EXPECT_EQ(sink_.calls, 0U);
}

TEST_F(NoiseChannel, RepeatedAndReorderedFramesAreRefused) {
  const auto first = sealed(text(5));
  const auto second = sealed(text(5));
  auto wire = first;
  ASSERT_TRUE(b_.receive(wire, sink_));
  wire = first;
  EXPECT_FALSE(b_.receive(wire, sink_));
  Channel other(aead_, cipher(2), cipher(1));
  wire = second;
  EXPECT_FALSE(other.receive(wire, sink_));
}

TEST_F(NoiseChannel, FramesWithoutRoomForATagAreRefused) {
  for (std::uint8_t size = 0; size < crypto::kAeadTagSize; ++size) {
    Channel receiver(aead_, cipher(2), cipher(1));
    base::Bytes wire(kLengthSize + size);
    wire[1] = size;
    EXPECT_EQ(receiver.receive(wire, sink_).error(), crypto::Error::decryption_failed);
  }
}

TEST_F(NoiseChannel, AnErrorOfTheSinkEndsReceiving) {
  auto wire = sealed(text(5));
  a_.send(text(5), wire);
  sink_.fail_with = std::make_error_code(std::errc::protocol_error);
  EXPECT_EQ(b_.receive(wire, sink_).error(), std::errc::protocol_error);
  EXPECT_EQ(sink_.calls, 1U);
}

}  // namespace
}  // namespace mexport::libp2p::noise
