// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace mexport::crypto {

inline base::Bytes hex(std::string_view text) {
  base::Bytes bytes;
  if (!base::from_hex(text, bytes)) throw std::invalid_argument("not hex: " + std::string(text));
  return bytes;
}

/// The words of each line of tests/vectors/crypto/NAME that is no comment.
inline std::vector<std::vector<std::string>> read_vectors(const std::string& name) {
  std::ifstream in(std::string(MEXPORT_VECTORS "/crypto/") + name);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    auto& row = lines.emplace_back();
    for (std::string word; words >> word;) row.push_back(word);
  }
  if (lines.empty()) throw std::runtime_error("no vectors in " + name);
  return lines;
}

}  // namespace mexport::crypto
