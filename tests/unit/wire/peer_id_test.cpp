// SPDX-License-Identifier: MIT
#include "wire/peer_id.hpp"

#include "tests/unit/wire/signed_record_vectors.hpp"
#include "wire/signed_peer_record.hpp"

#include <gtest/gtest.h>

namespace mexport::wire {
namespace {

TEST(PeerIdOfKey, AgreesWithGoForEachKeyType) {
  for (const auto& vector : load_signed_records().records) {
    const auto opened = open_peer_record(vector.envelope);
    ASSERT_TRUE(opened) << vector.key_type;
    EXPECT_EQ(peer_id_of(opened->signer).to_string(), vector.peer_id);
  }
}

}  // namespace
}  // namespace mexport::wire
