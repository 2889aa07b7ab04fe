// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mexport::metrics {

enum class Type : std::uint8_t { counter, gauge, histogram };

/// Names are [a-zA-Z_][a-zA-Z0-9_]*; values are any UTF-8 (label_text() makes it so).
using Labels = std::vector<std::pair<std::string, std::string>>;

/// How many observations fell into which class.
struct Histogram {
  std::vector<double> bounds;         ///< upper bounds, ascending
  std::vector<std::uint64_t> counts;  ///< of each class alone; one more than bounds
  double sum = 0;
};

/// One series at one moment.
struct Sample {
  Labels labels;
  double value = 0;       ///< of counters and gauges
  Histogram histogram{};  ///< of histograms
};

/// All series of one name.
struct Family {
  std::string name;
  Type type = Type::gauge;
  std::string help;
  std::vector<Sample> samples;  ///< none: the family is not served

  void add(Labels labels, double value) { samples.push_back({std::move(labels), value}); }
  void add(Labels labels, std::uint64_t value) {
    add(std::move(labels), static_cast<double>(value));
  }
};
using Families = std::vector<Family>;

}  // namespace mexport::metrics
