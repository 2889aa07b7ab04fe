// SPDX-License-Identifier: MIT
#include "config/files.hpp"

#include "config/parse_config.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using testing::HasSubstr;

class Files : public test::TempDirTest {};

TEST_F(Files, ReadsWhatWasWritten) {
  const auto path = root_ / "config";
  ASSERT_TRUE(write_durably(path, "one"));
  EXPECT_EQ(test::mode_of(path), 0600U);
  ASSERT_TRUE(write_durably(path, "two"));
  EXPECT_EQ(read_document(path)->value(), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root_), {}), 1);
}

TEST_F(Files, NoFileIsNoError) {
  const auto content = read_document(root_ / "none");
  ASSERT_TRUE(content);
  EXPECT_FALSE(*content);
}

TEST_F(Files, RefusesToReadDirectoriesAndGiants) {
  EXPECT_THAT(read_document(root_).error().message, HasSubstr("cannot read " + root_.string()));
  const auto path = root_ / "giant";
  test::write_file(path, std::string(kMaxDocumentSize + 1, ' '));
  EXPECT_THAT(read_document(path).error().message, HasSubstr("larger than"));
}

TEST_F(Files, OverwritesWhatACrashLeft) {
  test::write_file(root_ / "config.new", "half");
  ASSERT_TRUE(write_durably(root_ / "config", "whole"));
  EXPECT_EQ(test::read_file(root_ / "config"), "whole");
  EXPECT_FALSE(std::filesystem::exists(root_ / "config.new"));
}

TEST_F(Files, CreatesAFileOnceAndLeavesOthersAlone) {
  const auto path = root_ / "key";
  EXPECT_EQ(create_durably(path, "one").value(), true);
  EXPECT_EQ(test::mode_of(path), 0600U);
  EXPECT_EQ(create_durably(path, "two").value(), false);
  EXPECT_EQ(test::read_file(path), "one");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root_), {}), 1);
  EXPECT_THAT(create_durably(root_ / "nowhere" / "key", "x").error().message,
              HasSubstr("cannot write"));
}

TEST_F(Files, FailureLeavesTheOldAndNoRest) {
  const auto path = root_ / "config";
  test::write_file(path / "inside", "a directory stands in the way");
  const auto status = write_durably(path, "new");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("cannot write " + path.string()));
  EXPECT_TRUE(std::filesystem::exists(path / "inside"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "config.new"));
}

}  // namespace
}  // namespace mexport::config
