// SPDX-License-Identifier: MIT
#include "app/line_splitter.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mexport::app {
namespace {

using testing::ElementsAre;
using State = LineSplitter::State;

TEST(LineSplitter, JoinsPiecesAndCutsLines) {
  LineSplitter splitter(8);
  std::vector<std::string> lines;
  const auto on_line = [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  };
  for (const auto* piece : {"on", "e\ntwo\r\n\nth", "", "ree", "\n", "rest"}) {
    EXPECT_EQ(splitter.take(piece, on_line), State::open);
  }
  EXPECT_THAT(lines, ElementsAre("one", "two", "", "three"));
  EXPECT_EQ(splitter.rest(), "rest");
}

TEST(LineSplitter, RefusesALineThatIsTooLongBeforeItHoldsIt) {
  const auto on_line = [](std::string_view) { return true; };
  EXPECT_EQ(LineSplitter(4).take("1234\n", on_line), State::open);
  EXPECT_EQ(LineSplitter(4).take("12345\n", on_line), State::too_long);
  LineSplitter splitter(4);
  EXPECT_EQ(splitter.take("123", on_line), State::open);
  EXPECT_EQ(splitter.take("45", on_line), State::too_long);
  EXPECT_EQ(splitter.rest(), "123");
}

TEST(LineSplitter, StopsWhenToldTo) {
  LineSplitter splitter(8);
  std::size_t heard = 0;
  EXPECT_EQ(splitter.take("a\nb\nc\n", [&](std::string_view) { return ++heard < 2; }),
            State::stopped);
  EXPECT_EQ(heard, 2U);
}

}  // namespace
}  // namespace mexport::app
