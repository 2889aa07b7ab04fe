// SPDX-License-Identifier: MIT
#include "libp2p/yamux/error.hpp"
#include "libp2p/yamux/frame.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace mexport::libp2p::yamux {
namespace {

struct Vector {
  Header header;
  base::Bytes bytes;
};

std::vector<Vector> read_vectors() {
  std::ifstream in(MEXPORT_VECTORS "/yamux/frames.txt");
  std::vector<Vector> vectors;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    unsigned type = 0;
    std::string hex;
    Vector vector;
    fields >> type >> vector.header.flags >> vector.header.stream_id >> vector.header.length >> hex;
    vector.header.type = static_cast<FrameType>(type);
    EXPECT_TRUE(fields && base::from_hex(hex, vector.bytes)) << line;
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

TEST(YamuxFrame, GoldenBytes) {
  const auto vectors = read_vectors();
  ASSERT_EQ(vectors.size(), 11U);
  for (const Vector& vector : vectors) {
    base::Bytes out;
    append_header(out, vector.header);
    EXPECT_EQ(base::to_hex(out), base::to_hex(vector.bytes));
    ASSERT_EQ(vector.bytes.size(), kHeaderSize);
    const auto decoded = decode(std::span<const std::uint8_t, kHeaderSize>(vector.bytes));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, vector.header);
  }
}

TEST(YamuxFrame, RefusesVersionsAndTypes) {
  auto bytes = encode({FrameType::go_away, 0, 0, 0});
  bytes[1] = 4;
  EXPECT_EQ(decode(bytes).error(), Error::unknown_type);
  bytes[0] = 1;
  EXPECT_EQ(decode(bytes).error(), Error::wrong_version);
}

TEST(YamuxFrame, OnlyThePeersFaultsAreProtocolErrors) {
  for (const Error error : {Error::wrong_version, Error::unknown_type, Error::wrong_parity,
                            Error::stream_id_in_use, Error::window_overrun}) {
    EXPECT_TRUE(is_protocol_error(error)) << make_error_code(error).message();
  }
  EXPECT_FALSE(is_protocol_error(Error::output_stuck));
  EXPECT_FALSE(is_protocol_error(Error::keep_alive_lost));
  EXPECT_FALSE(is_protocol_error({}));
}

}  // namespace
}  // namespace mexport::libp2p::yamux
