// SPDX-License-Identifier: MIT
#include "config/data_dir.hpp"

#include "config/identity.hpp"
#include "config/parse_config.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

class DataDirTest : public test::TempDirTest {};

TEST(DefaultDataDir, EnvironmentThenHome) {
  EXPECT_EQ(default_data_dir("/x", "/home/u").value(), "/x");
  EXPECT_EQ(default_data_dir(nullptr, "/home/u").value(), "/home/u/.mexport");
  EXPECT_EQ(default_data_dir("", "/home/u").value(), "/home/u/.mexport");
  EXPECT_FALSE(default_data_dir(nullptr, nullptr));
  EXPECT_THAT(default_data_dir("", "").error().message, HasSubstr("--data-dir"));
}

TEST_F(DataDirTest, IsMadePrivate) {
  const auto path = root_ / "a" / "b";
  const auto dir = DataDir::open(path);
  ASSERT_TRUE(dir);
  EXPECT_EQ(test::mode_of(path), 0700U);
  EXPECT_EQ(test::mode_of(path / "lock"), 0600U);
  EXPECT_EQ(dir->path(), path);
}

TEST_F(DataDirTest, IsForOneAtATime) {
  {
    auto first = DataDir::open(root_ / "d");
    ASSERT_TRUE(first);
    const auto second = DataDir::open(root_ / "d");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              "the data directory " + (root_ / "d").string() + " is in use by another process");
    const DataDir moved = std::move(*first);
    EXPECT_FALSE(DataDir::open(root_ / "d"));
  }
  EXPECT_TRUE(DataDir::open(root_ / "d"));
}

TEST_F(DataDirTest, FailureNamesItAndLeavesNothing) {
  test::write_file(root_ / "file", "");
  const auto below_file = DataDir::open(root_ / "file" / "d");
  ASSERT_FALSE(below_file);
  EXPECT_THAT(below_file.error().message,
              HasSubstr("data directory " + (root_ / "file" / "d").string()));
  const auto is_file = DataDir::open(root_ / "file");
  ASSERT_FALSE(is_file);

  fs::create_directories(root_ / "e" / "lock");
  EXPECT_THAT(DataDir::open(root_ / "e").error().message, HasSubstr("e/lock"));
  EXPECT_FALSE(DataDir::open(root_ / "new" / std::string(300, 'x')));
  EXPECT_FALSE(fs::exists(root_ / "new"));
}

TEST_F(DataDirTest, KeepsTheConfig) {
  const auto dir = DataDir::open(root_ / "d");
  ASSERT_TRUE(dir);
  EXPECT_FALSE(dir->read_config().value());
  ASSERT_TRUE(dir->write_config("{}"));
  EXPECT_EQ(dir->read_config()->value(), "{}");
  EXPECT_EQ(test::mode_of(dir->config_path()), 0600U);
}

TEST_F(DataDirTest, IdentityIsMadeOnceAndKept) {
  const auto dir = DataDir::open(root_ / "d");
  ASSERT_TRUE(dir);
  const auto first = ensure_identity(*dir);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->key->type(), crypto::KeyType::ed25519);
  EXPECT_THAT(first->peer_id.to_string(), testing::StartsWith("12D3KooW"));
  EXPECT_EQ(test::mode_of(dir->config_path()), 0600U);
  EXPECT_EQ(ensure_identity(*dir)->peer_id, first->peer_id);
  EXPECT_NE(make_identity()->peer_id, first->peer_id);
}

TEST_F(DataDirTest, IdentityJoinsAHandWrittenConfig) {
  const auto dir = DataDir::open(root_ / "d");
  ASSERT_TRUE(dir->write_config(R"({"Mexport":{"Shards":3},"Other":[]})"));
  const auto identity = ensure_identity(*dir);
  ASSERT_TRUE(identity);
  const auto text = test::read_file(dir->config_path());
  EXPECT_THAT(text, HasSubstr("\"Other\""));
  const auto config = test::parse_good(text);
  EXPECT_EQ(config.node.shards, 3U);
  EXPECT_EQ(config.identity->peer_id, identity->peer_id);
}

TEST_F(DataDirTest, BrokenConfigIsLeftAlone) {
  const auto dir = DataDir::open(root_ / "d");
  ASSERT_TRUE(dir->write_config("{"));
  const auto identity = ensure_identity(*dir);
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message, HasSubstr(dir->config_path().string() + ": Config error"));
  EXPECT_EQ(test::read_file(dir->config_path()), "{");
}

TEST(Identity, Base64RoundTrips) {
  const auto identity = identity_from_base64(test::kPrivateKey);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->peer_id.to_string(), test::kPeerId);
  EXPECT_EQ(private_key_base64(*identity), test::kPrivateKey);
  EXPECT_FALSE(identity_from_base64(""));
  EXPECT_FALSE(identity_from_base64("!"));
  EXPECT_FALSE(identity_from_base64("AAAA"));
}

}  // namespace
}  // namespace mexport::config
