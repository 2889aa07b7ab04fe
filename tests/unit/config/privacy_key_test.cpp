// SPDX-License-Identifier: MIT
#include "config/privacy_key.hpp"

#include "base/bytes.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using testing::HasSubstr;

class PrivacyKey : public test::TempDirTest {
 protected:
  std::filesystem::path path_ = root_ / "privacy.key";
  Report report_;
};

TEST_F(PrivacyKey, IsMadeOnceAndKept) {
  const auto made = ensure_privacy_key(path_, report_);
  ASSERT_TRUE(made);
  EXPECT_EQ(test::mode_of(path_), 0600U);
  EXPECT_EQ(test::read_file(path_), base::as_text(made->view()));
  EXPECT_EQ(base::to_hex(ensure_privacy_key(path_, report_)->view()), base::to_hex(made->view()));
  EXPECT_TRUE(report_.notices.empty());
  const auto other = ensure_privacy_key(root_ / "other", report_);
  EXPECT_NE(base::to_hex(other->view()), base::to_hex(made->view()));
}

TEST_F(PrivacyKey, MayBeGiven) {
  test::write_file(path_, std::string(32, 'k'));
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  EXPECT_EQ(base::as_text(ensure_privacy_key(path_, report_)->view()), std::string(32, 'k'));
  EXPECT_TRUE(report_.notices.empty());
}

TEST_F(PrivacyKey, WarnsOfOthersThatMayReadIt) {
  test::write_file(path_, std::string(32, 'k'));
  std::filesystem::permissions(path_, std::filesystem::perms(0640));
  EXPECT_TRUE(ensure_privacy_key(path_, report_));
  EXPECT_THAT(test::warnings_of(report_), HasSubstr(path_.string()));
}

TEST_F(PrivacyKey, RefusesWhatIsNoKey) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    test::write_file(path_, std::string(size, 'k'));
    const auto key = ensure_privacy_key(path_, report_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().message, "Privacy.KeyFile: " + path_.string() + " has " +
                                       std::to_string(size) + " bytes, a key has 32");
    EXPECT_EQ(test::read_file(path_).size(), size);
  }
  EXPECT_THAT(ensure_privacy_key(root_, report_).error().message, HasSubstr("cannot read"));
  EXPECT_THAT(ensure_privacy_key(root_ / "none" / "key", report_).error().message,
              HasSubstr("cannot write " + (root_ / "none" / "key").string()));
}

}  // namespace
}  // namespace mexport::config
