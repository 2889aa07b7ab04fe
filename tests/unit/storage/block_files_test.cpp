// SPDX-License-Identifier: MIT
#include "storage/block_files.hpp"

#include "crypto/multihash_digest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace mexport::storage {
namespace {

using multiformats::Cid;
using multiformats::Multicodec;

constexpr auto kSha256 = static_cast<std::uint64_t>(crypto::HashCode::sha2_256);
constexpr auto kRaw = static_cast<std::uint64_t>(Multicodec::raw);

base::Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

Cid cid_of(base::ByteView data, Multicodec codec = Multicodec::raw) {
  base::Bytes digest;
  EXPECT_TRUE(crypto::append_digest(kSha256, 32, data, digest));
  return Cid::v1(static_cast<std::uint64_t>(codec), kSha256, digest);
}

class BlockFilesTest : public testing::Test {
 protected:
  BlockFilesTest() { std::filesystem::remove_all(folder.parent_path()); }
  ~BlockFilesTest() override { std::filesystem::remove_all(folder.parent_path()); }

  std::error_code put_error(const Cid& name, base::ByteView content) {
    const auto put = files.put(name, content);
    EXPECT_FALSE(put);
    return put ? std::error_code() : put.error();
  }
  void overwrite(const Cid& name, std::string_view text) {
    std::ofstream(folder / name.to_string(), std::ios::trunc) << text;
  }

  const std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                       ("mexport-blocks-" + std::to_string(::getpid())) / "store";
  BlockFiles files{folder, {.max_blocks = 3, .max_bytes = kMaxBlockSize + 10}};
  const base::Bytes data = bytes("data");
  const Cid cid = cid_of(data);
};

TEST_F(BlockFilesTest, AnEmptyStoreHasNoFolder) {
  EXPECT_TRUE(files.list()->empty());
  EXPECT_EQ(*files.get(cid), std::nullopt);
  EXPECT_FALSE(*files.remove(cid));
  EXPECT_EQ(*files.changed_at(), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(BlockFilesTest, GivesBackWhatWasPutByAnyCidOfIt) {
  const auto dag_pb = cid_of(data, Multicodec::dag_pb);
  EXPECT_EQ(files.put(dag_pb, data).value(), cid);
  EXPECT_EQ(files.put(cid, data).value(), cid) << "is there already";
  for (const auto& name : {cid, dag_pb, Cid::v0(cid.multihash().digest)}) {
    EXPECT_EQ(files.get(name).value(), data);
  }
  ASSERT_EQ(files.list()->size(), 1U);
  EXPECT_EQ(files.list()->front().cid, cid);
  EXPECT_EQ(files.list()->front().size, 4U);
  for (const auto& made : {folder, folder.parent_path()}) {
    EXPECT_EQ(std::filesystem::status(made).permissions(), std::filesystem::perms::owner_all);
  }
  EXPECT_TRUE(files.remove(dag_pb).value());
  EXPECT_FALSE(files.remove(cid).value());
  EXPECT_TRUE(files.list()->empty());
}

TEST_F(BlockFilesTest, RefusesWhatIsNotWhatItSays) {
  EXPECT_EQ(put_error(cid, bytes("other")), BlockError::wrong_cid);
  EXPECT_EQ(put_error(Cid::v1(kRaw, 0x4242, base::Bytes(32)), data), BlockError::unknown_hash);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(BlockFilesTest, KeepsToItsLimits) {
  const base::Bytes large(kMaxBlockSize + 1);
  EXPECT_EQ(put_error(cid_of(large), large), BlockError::block_too_large);
  const base::Bytes largest(kMaxBlockSize);
  EXPECT_TRUE(files.put(cid_of(largest), largest));
  EXPECT_EQ(put_error(cid_of(bytes("eleven bytes")), bytes("eleven bytes")),
            BlockError::too_many_bytes);
  EXPECT_TRUE(files.put(cid, data));
  EXPECT_TRUE(files.put(cid_of(bytes("b")), bytes("b")));
  EXPECT_EQ(put_error(cid_of(bytes("c")), bytes("c")), BlockError::too_many_blocks);
  EXPECT_TRUE(files.put(cid, data)) << "takes no more room";
  EXPECT_EQ(files.list()->size(), 3U);
}

TEST_F(BlockFilesTest, FindsDamage) {
  ASSERT_TRUE(files.put(cid, data));
  overwrite(cid, "dada");
  EXPECT_EQ(files.get(cid).error(), BlockError::wrong_cid);
  overwrite(cid, std::string(kMaxBlockSize + 1, 'x'));
  EXPECT_EQ(files.get(cid).error(), BlockError::block_too_large);
}

TEST_F(BlockFilesTest, LeavesOtherFilesAlone) {
  ASSERT_TRUE(files.put(cid, data));
  for (const auto* name :
       {"unfinished", "README", "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"}) {
    std::ofstream(folder / name) << "x";
  }
  std::filesystem::create_directory(folder / "AB");
  std::ofstream(folder / cid_of(data, Multicodec::dag_pb).to_string()) << "data";
  EXPECT_EQ(files.list()->size(), 1U);
  EXPECT_TRUE(files.put(cid_of(bytes("b")), bytes("b"))) << "over what a crash has left";
  EXPECT_EQ(files.list()->size(), 2U);
}

TEST_F(BlockFilesTest, CidsThatNoFileCanHaveAreNotThere) {
  ASSERT_TRUE(files.put(cid, data));
  const auto endless = Cid::v1(kRaw, 0, base::Bytes(1000));
  EXPECT_EQ(*files.get(endless), std::nullopt);
  EXPECT_FALSE(*files.remove(endless));
}

TEST_F(BlockFilesTest, TellsOfAFolderThatCannotBe) {
  std::filesystem::create_directories(folder.parent_path());
  std::ofstream(folder) << "a file";
  EXPECT_TRUE(put_error(cid, data));
  EXPECT_FALSE(files.list());
}

TEST_F(BlockFilesTest, ChangesAreSeen) {
  ASSERT_TRUE(files.put(cid, data));
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(folder, long_ago);
  ASSERT_TRUE(files.remove(cid));
  EXPECT_GT(**files.changed_at(), long_ago);
}

TEST_F(BlockFilesTest, ErrorsHaveWords) {
  EXPECT_EQ(make_error_code(BlockError::block_too_large).message(), "a block has at most 2 MiB");
  EXPECT_NE(make_error_code(BlockError::too_many_blocks).message().find("MaxBlocks"),
            std::string::npos);
  EXPECT_NE(make_error_code(BlockError::too_many_bytes).message().find("MaxBytes"),
            std::string::npos);
  EXPECT_NE(make_error_code(BlockError::wrong_cid).message(),
            make_error_code(BlockError::unknown_hash).message());
}

}  // namespace
}  // namespace mexport::storage
