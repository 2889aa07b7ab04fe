// SPDX-License-Identifier: MIT
#pragma once

#include "api/sources.hpp"

#include <cstdint>
#include <string>

namespace mexport::api {

/// Answers `/api/v1/status`: who we are, how much comes in, and how each sink stands. Belongs to
/// one thread.
class StatusPage {
 public:
  /// `sources` outlives it.
  explicit StatusPage(const Sources& sources);

  /// A JSON object. Rates are those since the last page that is a second old or more.
  std::string json();

 private:
  struct Sample {
    base::SteadyTime at;
    std::uint64_t messages = 0;
    std::uint64_t entries = 0;
    std::uint64_t events = 0;
  };

  void look(const Sample& now);

  const Sources& sources_;
  Sample before_;  // what `rates_` are counted from
  Sample last_;
  double seconds_ = 0;
};

}  // namespace mexport::api
