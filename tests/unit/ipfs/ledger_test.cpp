// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/ledger.hpp"

#include <gtest/gtest.h>

namespace mexport::ipfs {
namespace {

using Want = Ledger::Want;
using wire::WantType;

constexpr std::uint64_t key(std::uint64_t number) {
  return number << 20;
}

TEST(Ledger, RemembersAndForgets) {
  Ledger ledger;
  EXPECT_EQ(ledger.find(key(1)), std::nullopt);
  ledger.add(key(1), {.type = WantType::have, .send_dont_have = true});
  EXPECT_EQ(ledger.find(key(1)), (Want{.type = WantType::have, .send_dont_have = true}));
  EXPECT_EQ(ledger.size(), 1U);
  EXPECT_TRUE(ledger.cancel(key(1)));
  EXPECT_FALSE(ledger.cancel(key(1)));
  EXPECT_EQ(ledger.size(), 0U);
}

TEST(Ledger, ARepeatedWantOnlyGains) {
  Ledger ledger;
  ledger.add(key(1), {.type = WantType::have, .send_dont_have = true});
  ledger.add(key(1), {.type = WantType::block, .send_dont_have = false});
  ledger.add(key(1), {.type = WantType::have, .send_dont_have = false});
  EXPECT_EQ(ledger.find(key(1)), (Want{.type = WantType::block, .send_dont_have = true}));
}

TEST(Ledger, AWantHaveWithoutAnswerIsRemembered) {
  Ledger ledger;
  ledger.add(key(1), {.type = WantType::have, .send_dont_have = false});
  EXPECT_EQ(ledger.find(key(1)), (Want{.type = WantType::have, .send_dont_have = false}));
}

TEST(Ledger, AnEmptyOneIsAPointer) {
  EXPECT_EQ(sizeof(Ledger), sizeof(void*));
}

}  // namespace
}  // namespace mexport::ipfs
