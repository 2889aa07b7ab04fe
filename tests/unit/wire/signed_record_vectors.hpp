// SPDX-License-Identifier: MIT
#pragma once

#include "tests/unit/wire/hex.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace mexport::wire {

/// A line of tests/vectors/wire/signed-peer-records.txt.
struct SignedRecordVector {
  std::string key_type;
  std::string peer_id;
  base::Bytes envelope;
};

struct SignedRecordVectors {
  base::Bytes ed25519_private_key;
  std::vector<SignedRecordVector> records;
};

inline SignedRecordVectors load_signed_records() {
  SignedRecordVectors out;
  std::ifstream in(MEXPORT_VECTORS "/wire/signed-peer-records.txt");
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string name, second, third;
    fields >> name >> second >> third;
    if (name == "#") continue;
    if (name == "edkey") {
      out.ed25519_private_key = bytes(second);
    } else {
      out.records.push_back({name, second, bytes(third)});
    }
  }
  EXPECT_EQ(out.records.size(), 4U);
  return out;
}

}  // namespace mexport::wire
