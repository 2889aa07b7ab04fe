// SPDX-License-Identifier: MIT
#include "metrics/label_text.hpp"

#include <gtest/gtest.h>

namespace mexport::metrics {
namespace {

TEST(LabelText, KeepsWhatIsFit) {
  EXPECT_EQ(label_text(""), "");
  EXPECT_EQ(label_text("kubo/0.21.0/"), "kubo/0.21.0/");
  EXPECT_EQ(label_text("\"a\\b\" é 日 \U0001F600"), "\"a\\b\" é 日 \U0001F600");
}

TEST(LabelText, ReplacesControlCharacters) {
  EXPECT_EQ(label_text("a\nb\tc\x7f"), "a?b?c?");
  EXPECT_EQ(label_text(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(label_text("a\u0085b"), "a?b");
}

TEST(LabelText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(label_text("a\xff"), "a?");
  EXPECT_EQ(label_text("\x80x"), "?x");
  EXPECT_EQ(label_text("\xc3"), "?");                 // cut short
  EXPECT_EQ(label_text("\xc0\xaf"), "??");            // overlong
  EXPECT_EQ(label_text("\xe0\x80\x80"), "???");       // overlong
  EXPECT_EQ(label_text("\xed\xa0\x80"), "???");       // a surrogate
  EXPECT_EQ(label_text("\xf4\x90\x80\x80"), "????");  // above U+10FFFF
}

TEST(LabelText, CutsBetweenCharacters) {
  EXPECT_EQ(label_text(std::string(1000, 'a')), std::string(kMaxLabelBytes, 'a'));
  EXPECT_EQ(label_text(std::string(kMaxLabelBytes - 1, 'a') + "é"),
            std::string(kMaxLabelBytes - 1, 'a'));
}

}  // namespace
}  // namespace mexport::metrics
