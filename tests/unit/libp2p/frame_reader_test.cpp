// SPDX-License-Identifier: MIT
#include "libp2p/frame_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::libp2p {
namespace {

const std::error_code kRefused = std::make_error_code(std::errc::bad_message);

/// Two bytes: a '#', the number of bytes that follow as a digit.
struct DigitFormat {
  static constexpr std::size_t kHeader = 2;
  static base::Result<std::size_t> frame_size(base::ByteView header) {
    if (header[0] != '#') return base::fail(kRefused);
    return kHeader + header[1] - '0';
  }
};

class FrameReaderTest : public testing::Test {
 protected:
  base::Status feed(base::MutableByteView bytes) {
    return reader_.feed(bytes, [&](base::MutableByteView frame) {
      frames_.emplace_back(base::as_text(frame));
      last_ = frame.data();
      return frames_.size() == fail_at_ ? base::Status(base::fail(kRefused)) : base::Status();
    });
  }
  base::Status feed(std::string_view text) {
    auto bytes = base::to_bytes(base::as_bytes(text));
    return feed(base::MutableByteView(bytes));
  }

  FrameReader<DigitFormat> reader_;
  std::vector<std::string> frames_;
  const std::uint8_t* last_ = nullptr;
  std::size_t fail_at_ = 0;
};

using Frames = std::vector<std::string>;

TEST_F(FrameReaderTest, WholeFramesAreHandedOverWhereTheyLie) {
  auto bytes = base::to_bytes(base::as_bytes("#3abc#0#2de"));
  ASSERT_TRUE(feed(base::MutableByteView(bytes)));
  EXPECT_EQ(frames_, (Frames{"#3abc", "#0", "#2de"}));
  EXPECT_EQ(last_, bytes.data() + 7);
  EXPECT_EQ(reader_.buffered(), 0U);
}

TEST_F(FrameReaderTest, AnyPiecesWill) {
  const std::string text = "#3abc#0#9012345678#1x";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    frames_.clear();
    for (std::size_t at = 0; at < text.size(); at += step) {
      ASSERT_TRUE(feed(std::string_view(text).substr(at, step))) << step;
      EXPECT_LT(reader_.buffered(), 11U);
    }
    EXPECT_EQ(frames_, (Frames{"#3abc", "#0", "#9012345678", "#1x"})) << step;
    EXPECT_EQ(reader_.buffered(), 0U) << step;
  }
}

TEST_F(FrameReaderTest, TheBeginningOfAFrameIsKeptAndCounted) {
  ASSERT_TRUE(feed("#3abc#"));
  EXPECT_EQ(reader_.buffered(), 1U);
  ASSERT_TRUE(feed("5xy"));
  EXPECT_EQ(reader_.buffered(), 4U);
  EXPECT_EQ(frames_, Frames{"#3abc"});
  ASSERT_TRUE(feed("z12#"));
  EXPECT_EQ(frames_, (Frames{"#3abc", "#5xyz12"}));
  EXPECT_EQ(reader_.buffered(), 1U);
}

TEST_F(FrameReaderTest, HeadersAreJudgedBeforeTheirFrameHasCome) {
  EXPECT_EQ(feed("#1a!9").error(), kRefused);
  EXPECT_EQ(frames_, Frames{"#1a"});
  FrameReader<DigitFormat> other;
  reader_ = other;
  ASSERT_TRUE(feed("!"));
  EXPECT_EQ(feed("9").error(), kRefused);
}

TEST_F(FrameReaderTest, AnErrorOfTheCallbackEndsIt) {
  fail_at_ = 2;
  EXPECT_EQ(feed("#1a#1b#1c").error(), kRefused);
  EXPECT_EQ(frames_, (Frames{"#1a", "#1b"}));
}

}  // namespace
}  // namespace mexport::libp2p
