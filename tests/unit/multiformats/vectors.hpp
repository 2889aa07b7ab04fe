// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::multiformats::test {

/// One line of tests/vectors/multiformats: what the Go libraries make of an input.
struct Vector {
  std::string input{};
  std::string hex{};   ///< the value's binary form; empty when it is refused
  std::string text{};  ///< its canonical text
  std::string note{};  ///< for multiaddrs: "true" when public

  bool refused() const { return hex.empty(); }
};

inline Vector make_vector(const std::vector<std::string>& fields) {
  Vector vector{.input = fields.at(1)};
  if (fields.at(2) == "error") return vector;
  vector.hex = fields.at(2);
  vector.text = fields.at(3);
  if (fields.size() > 4) vector.note = fields.at(4);
  return vector;
}

/// The lines of one kind, such as "cid-text".
inline std::vector<Vector> load_vectors(std::string_view file, std::string_view kind) {
  std::ifstream in(std::string(MEXPORT_VECTORS "/multiformats/").append(file));
  std::vector<Vector> vectors;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
    if (fields.front() == kind) vectors.push_back(make_vector(fields));
  }
  EXPECT_GT(vectors.size(), 5U) << file << " " << kind;
  return vectors;
}

inline base::Bytes unhex(std::string_view hex) {
  base::Bytes bytes;
  EXPECT_TRUE(base::from_hex(hex, bytes)) << hex;
  return bytes;
}

}  // namespace mexport::multiformats::test
