// SPDX-License-Identifier: MIT
#pragma once

#include "tests/unit/ipfs/fake_opener.hpp"
#include "tests/unit/ipfs/test_runtime.hpp"
#include "tests/unit/wire/hex.hpp"
#include "wire/bitswap.hpp"
#include "wire/length_delimited.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mexport::ipfs {

/// The messages that a stream's bytes hold.
inline std::vector<wire::BitswapMessage> messages_in(const base::Bytes& stream) {
  std::vector<wire::BitswapMessage> out;
  wire::LengthDelimitedReader reader(wire::kMaxBitswapMessageSize);
  const auto status = reader.feed(stream, [&](base::ByteView body) -> base::Status {
    auto message = wire::decode_bitswap_message(body);
    if (!message) return base::fail(message.error());
    out.push_back(std::move(*message));
    return {};
  });
  EXPECT_TRUE(status);
  EXPECT_FALSE(reader.within_message());
  return out;
}

/// A raw CIDv1 that differs for each number.
inline base::Bytes numbered_cid(std::uint32_t number) {
  auto out = wire::bytes(wire::cid_hex(0x5a));
  for (unsigned i = 0; i < 4; ++i) out[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

}  // namespace mexport::ipfs
