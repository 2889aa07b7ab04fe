// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "export/gzip_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::exporter::testing {

/// The text of one gzip member with nothing behind it.
inline std::string unpacked(base::ByteView member) {
  GzipReader reader;
  std::string text;
  auto state = GzipReader::State::within;
  for (std::size_t before = std::string::npos; !member.empty() || text.size() != before;) {
    before = text.size();
    state = reader.read(member, 1 << 20, text);
    if (state == GzipReader::State::broken) break;
    if (state == GzipReader::State::between) break;
  }
  EXPECT_EQ(state, GzipReader::State::between);
  EXPECT_TRUE(member.empty());
  return text;
}

}  // namespace mexport::exporter::testing
