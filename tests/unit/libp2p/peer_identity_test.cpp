// SPDX-License-Identifier: MIT
#include "libp2p/peer_identity.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace mexport::libp2p {
namespace {

TEST(PeerIdentity, IdsAgreeWithGoLibp2p) {
  std::ifstream in(MEXPORT_VECTORS "/crypto/keys.txt");
  int count = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    std::string name;
    std::string private_key;
    std::string public_key;
    std::string id;
    words >> name >> private_key >> public_key >> id;
    base::Bytes bytes;
    ASSERT_TRUE(base::from_hex(private_key, bytes));
    const PeerIdentity identity(crypto::PrivateKey::from_protobuf(bytes).value());
    EXPECT_EQ(identity.peer_id().to_string(), id) << name;
    EXPECT_EQ(base::to_hex(identity.public_key().protobuf()), public_key);
    ++count;
  }
  EXPECT_EQ(count, 7);
}

TEST(PeerIdentity, GeneratedOnesAreEd25519AndDiffer) {
  const auto a = PeerIdentity::generate();
  const auto b = PeerIdentity::generate();
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->peer_id(), b->peer_id());
  EXPECT_EQ(a->peer_id().to_string().substr(0, 8), "12D3KooW");
}

}  // namespace
}  // namespace mexport::libp2p
