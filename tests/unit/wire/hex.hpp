// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace mexport::wire {

/// Bytes from hex, in which spaces may set parts apart.
inline base::Bytes bytes(std::string_view text) {
  std::string hex(text);
  std::erase(hex, ' ');
  base::Bytes out;
  EXPECT_TRUE(base::from_hex(hex, out)) << text;
  return out;
}

/// A raw CIDv1 with a sha2-256 digest of 32 bytes `fill`, in hex.
inline std::string cid_hex(unsigned fill) {
  std::string out = "01551220";
  const base::Bytes digest(32, static_cast<std::uint8_t>(fill));
  return out + base::to_hex(digest);
}

}  // namespace mexport::wire
