// SPDX-License-Identifier: MIT
// Writer and reader against each other, and the writer against zlib's own checks.
#include "export/gzip_reader.hpp"
#include "export/gzip_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace mexport::exporter {
namespace {

struct Decoded {
  std::string text;
  GzipReader::State state = GzipReader::State::between;
};

/// In pieces of `piece` bytes, at most `limit` bytes of text at a time.
Decoded decode(base::ByteView input, std::size_t piece = 1000, std::size_t limit = 1000) {
  GzipReader reader;
  Decoded out;
  while (!input.empty()) {
    auto part = input.first(std::min(piece, input.size()));
    input = input.subspan(part.size());
    for (;;) {
      const auto before = part.size() + out.text.size() * 1000;
      out.state = reader.read(part, limit, out.text);
      if (out.state == GzipReader::State::broken) return out;
      if (part.size() + out.text.size() * 1000 == before) break;
    }
  }
  return out;
}

base::Bytes member(std::string_view text) {
  GzipWriter writer;
  base::Bytes out;
  writer.begin(out);
  writer.write(text, out);
  const auto trailer = writer.flush(out);
  base::append(out, trailer);
  return out;
}

std::string sample(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525 + 1013904223;
    text += "line " + std::to_string(state >> 16) + "\n";
  }
  return text;
}

TEST(Gzip, RoundTripsInPiecesOfAnySize) {
  const auto text = sample(300'000);
  const auto compressed = member(text);
  EXPECT_LT(compressed.size(), text.size() / 2);
  for (const std::size_t piece : {1UL, 7UL, 1000UL, 1'000'000UL}) {
    const auto decoded = decode(compressed, piece, 4096);
    EXPECT_EQ(decoded.text, text) << piece;
    EXPECT_EQ(decoded.state, GzipReader::State::between) << piece;
  }
}

TEST(Gzip, TheHeaderIsThatOfGo) {
  EXPECT_EQ(base::to_hex(base::ByteView(member("x")).first(10)), "1f8b08000000000000ff");
}

TEST(Gzip, AnEmptyMember) {
  const auto decoded = decode(member(""));
  EXPECT_EQ(decoded.text, "");
  EXPECT_EQ(decoded.state, GzipReader::State::between);
}

TEST(Gzip, WhatWasFlushedCanBeRead) {
  GzipWriter writer;
  base::Bytes out;
  writer.begin(out);
  writer.write("first", out);
  writer.flush(out);
  EXPECT_EQ(decode(out).text, "first");
  EXPECT_EQ(decode(out).state, GzipReader::State::within);
}

TEST(Gzip, ATrailerFitsItsFlush) {
  GzipWriter writer;
  base::Bytes out;
  writer.begin(out);
  writer.write("first", out);
  const auto trailer = writer.flush(out);
  const auto size = out.size();
  writer.write("second", out);
  writer.flush(out);
  out.resize(size);
  base::append(out, trailer);
  const auto decoded = decode(out);
  EXPECT_EQ(decoded.text, "first");
  EXPECT_EQ(decoded.state, GzipReader::State::between);
}

TEST(Gzip, ReadsSeveralMembers) {
  auto two = member("first");
  base::append(two, member("second"));
  EXPECT_EQ(decode(two).text, "firstsecond");
}

TEST(Gzip, SeesDamage) {
  const auto text = sample(10'000);
  auto changed = member(text);
  changed[changed.size() - 6] ^= 1;  // in the checksum
  EXPECT_EQ(decode(changed).state, GzipReader::State::broken);
  auto garbage = member(text);
  garbage.push_back('x');
  garbage.push_back('y');
  EXPECT_EQ(decode(garbage).state, GzipReader::State::broken);
  EXPECT_EQ(decode(garbage).text, text);
  EXPECT_EQ(decode(base::as_bytes("no gzip at all")).state, GzipReader::State::broken);
}

}  // namespace
}  // namespace mexport::exporter
