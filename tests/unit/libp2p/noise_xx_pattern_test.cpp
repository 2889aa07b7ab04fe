// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"
#include "libp2p/noise/error.hpp"
#include "libp2p/noise/xx_pattern.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace mexport::libp2p::noise {
namespace {

using Vector = std::map<std::string, base::Bytes>;

std::vector<Vector> read_vectors() {
  std::ifstream in(MEXPORT_VECTORS "/noise/xx_25519_chachapoly_sha256.txt");
  std::vector<Vector> vectors;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) vectors.emplace_back();
    const auto equals = line.find('=');
    if (line.empty() || line.front() == '#') continue;
    auto& value = vectors.back()[line.substr(0, equals)];
    if (!base::from_hex(line.substr(equals + 1), value)) throw std::runtime_error(line);
  }
  return vectors;
}

crypto::X25519KeyPair key_pair(const base::Bytes& secret) {
  std::array<std::uint8_t, 32> bytes;
  std::ranges::copy(secret, bytes.begin());
  return crypto::X25519KeyPair(crypto::X25519SecretKey(bytes));
}

base::Bytes seal(CipherState& cipher, crypto::Aead& aead, const base::Bytes& plaintext) {
  base::Bytes out(plaintext.size() + crypto::kAeadTagSize);
  cipher.encrypt(aead, {}, plaintext, out);
  return out;
}

void run(const Vector& vector) {
  crypto::Aead aead;
  const auto initiator_static = key_pair(vector.at("init_static"));
  const auto responder_static = key_pair(vector.at("resp_static"));
  XxPattern initiator(Direction::outbound, initiator_static,
                      key_pair(vector.at("gen_init_ephemeral")), aead);
  XxPattern responder(Direction::inbound, responder_static,
                      key_pair(vector.at("gen_resp_ephemeral")), aead);
  base::Bytes first;
  ASSERT_TRUE(initiator.write_first(vector.at("msg_0_payload"), first));
  EXPECT_EQ(first, vector.at("msg_0_ciphertext"));
  EXPECT_EQ(responder.read_first(first).value(), vector.at("msg_0_payload"));
  base::Bytes second;
  ASSERT_TRUE(responder.write_second(vector.at("msg_1_payload"), second));
  EXPECT_EQ(second, vector.at("msg_1_ciphertext"));
  EXPECT_EQ(initiator.read_second(second).value(), vector.at("msg_1_payload"));
  EXPECT_EQ(initiator.remote_static(), responder_static.public_key());
  base::Bytes third;
  ASSERT_TRUE(initiator.write_third(vector.at("msg_2_payload"), third));
  EXPECT_EQ(third, vector.at("msg_2_ciphertext"));
  EXPECT_EQ(responder.read_third(third).value(), vector.at("msg_2_payload"));
  EXPECT_EQ(responder.remote_static(), initiator_static.public_key());

  auto of_responder = responder.split();
  auto of_initiator = initiator.split();
  // The vectors let the initiator speak first again.
  EXPECT_EQ(seal(of_initiator.sending, aead, vector.at("msg_3_payload")),
            vector.at("msg_3_ciphertext"));
  EXPECT_EQ(seal(of_responder.sending, aead, vector.at("msg_4_payload")),
            vector.at("msg_4_ciphertext"));
  base::Bytes opened(vector.at("msg_3_payload").size());
  ASSERT_TRUE(of_responder.receiving.decrypt(aead, {}, vector.at("msg_3_ciphertext"), opened));
  EXPECT_EQ(opened, vector.at("msg_3_payload"));
  ASSERT_TRUE(of_initiator.receiving.decrypt(aead, {}, vector.at("msg_4_ciphertext"), opened));
  EXPECT_EQ(opened, vector.at("msg_4_payload"));
}

TEST(NoiseXxPattern, VectorsOfGosNoise) {
  const auto vectors = read_vectors();
  ASSERT_EQ(vectors.size(), 2U);
  for (const auto& vector : vectors) run(vector);
}

class NoiseXxPatternErrors : public testing::Test {
 protected:
  crypto::Aead aead_;
  crypto::X25519KeyPair keys_ = crypto::X25519KeyPair::generate();
  XxPattern initiator_{Direction::outbound, keys_, crypto::X25519KeyPair::generate(), aead_};
  XxPattern responder_{Direction::inbound, keys_, crypto::X25519KeyPair::generate(), aead_};
  base::Bytes out_;
};

TEST_F(NoiseXxPatternErrors, ShortMessages) {
  EXPECT_EQ(responder_.read_first(base::Bytes(31)).error(), Error::frame_too_small);
  ASSERT_TRUE(initiator_.write_first({}, out_));
  EXPECT_EQ(initiator_.read_second(base::Bytes(31, 9)).error(), Error::frame_too_small);
}

TEST_F(NoiseXxPatternErrors, ShortStaticKey) {
  ASSERT_TRUE(initiator_.write_first({}, out_));
  EXPECT_EQ(initiator_.read_second(base::Bytes(32 + 47, 9)).error(), Error::frame_too_small);
}

TEST_F(NoiseXxPatternErrors, LowOrderEphemeralKey) {
  ASSERT_TRUE(responder_.read_first(base::Bytes(32)));
  EXPECT_EQ(responder_.write_second({}, out_).error(), crypto::Error::low_order_point);
  out_.clear();
  ASSERT_TRUE(initiator_.write_first({}, out_));
  EXPECT_EQ(initiator_.read_second(base::Bytes(200)).error(), crypto::Error::low_order_point);
}

TEST_F(NoiseXxPatternErrors, PayloadWithoutItsTag) {
  ASSERT_TRUE(initiator_.write_first({}, out_));
  ASSERT_TRUE(responder_.read_first(out_));
  base::Bytes second;
  ASSERT_TRUE(responder_.write_second({}, second));
  second.pop_back();
  EXPECT_EQ(initiator_.read_second(second).error(), crypto::Error::decryption_failed);
}

}  // namespace
}  // namespace mexport::libp2p::noise
