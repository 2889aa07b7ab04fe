// SPDX-License-Identifier: MIT
#include "app/held_blocks.hpp"

#include "crypto/multihash_digest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace mexport::app {
namespace {

using multiformats::Cid;

base::Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

Cid cid_of(base::ByteView data) {
  base::Bytes digest;
  EXPECT_TRUE(crypto::append_digest(0x12, 32, data, digest));
  return Cid::v1(0x55, 0x12, digest);
}

class HeldBlocksTest : public testing::Test {
 protected:
  ~HeldBlocksTest() override { std::filesystem::remove_all(folder); }

  Cid put(std::string_view text) {
    const auto data = bytes(text);
    auto files = storage::BlockFiles(folder);  // without the limits of the store
    return files.put(cid_of(data), data).value();
  }
  /// As if the last change were long ago, so that only another one is looked at.
  void settle() {
    std::filesystem::last_write_time(
        folder, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    blocks.look();
  }
  bool serves(const Cid& cid) const {
    return served && served->find(cid.view().multihash_bytes) != nullptr;
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("mexport-held-" + std::to_string(::getpid()));
  std::shared_ptr<const ipfs::BlockSet> served;
  int changes = 0;
  HeldBlocks blocks{storage::BlockFiles(folder, {.max_blocks = 3, .max_bytes = 20}),
                    [this](auto set) {
                      served = std::move(set);
                      ++changes;
                    },
                    {}};
};

TEST_F(HeldBlocksTest, AnEmptyStoreChangesNothing) {
  blocks.look();
  blocks.look();
  EXPECT_EQ(changes, 0);
}

TEST_F(HeldBlocksTest, FollowsWhatIsPutAndRemoved) {
  const auto a = put("a");
  blocks.look();
  EXPECT_TRUE(serves(a));
  const auto b = put("b");  // within the step of the folder's time, maybe
  blocks.look();
  EXPECT_TRUE(serves(b));
  blocks.look();
  EXPECT_EQ(changes, 2);
  settle();
  EXPECT_EQ(changes, 2);
  EXPECT_TRUE(storage::BlockFiles(folder).remove(a).value());
  blocks.look();
  EXPECT_FALSE(serves(a));
  EXPECT_TRUE(serves(b));
}

TEST_F(HeldBlocksTest, LeavesOutWhatIsDamaged) {
  const auto a = put("a");
  const auto b = put("b");
  std::ofstream(folder / a.to_string(), std::ios::trunc) << "x";
  blocks.look();
  EXPECT_FALSE(serves(a));
  EXPECT_TRUE(serves(b));
}

TEST_F(HeldBlocksTest, LeavesOutWhatIsBeyondTheLimits) {
  for (const auto* text : {"a", "b", "c", "d"}) put(text);
  blocks.look();
  EXPECT_EQ(served->size(), 3U);
  put("much longer than all that may be there");
  blocks.look();
  EXPECT_LE(served->bytes(), 20U);
}

TEST_F(HeldBlocksTest, GoesOnWhenTheFolderCannotBeRead) {
  std::ofstream(folder) << "a file";
  blocks.look();
  EXPECT_EQ(changes, 0);
  std::filesystem::remove(folder);
  const auto a = put("a");
  blocks.look();
  EXPECT_TRUE(serves(a));
}

}  // namespace
}  // namespace mexport::app
