// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/attempts.hpp"
#include "export/amqp/delivery.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace mexport::sim::sink {

/// What a seed is about.
struct Plan {
  exporter::amqp::Delivery::Options delivery{};
  exporter::amqp::Attempts::Pauses pauses{};
  std::uint64_t store_bytes = 0;
  bool on_disk = false;  ///< the spool's own file; otherwise memory, which outlives each process
  std::chrono::seconds duration{30};
  std::chrono::milliseconds slowest{20};  ///< of the broker's answers, one way
  std::uint64_t bodies_per_second = 20;
  std::uint64_t faults_per_minute = 12;
  bool unbinds = false;  ///< consumers come and go
  bool refuses = false;
  bool disk_fails = false;

  static Plan of(std::uint64_t seed);
  std::string to_string() const;
};

}  // namespace mexport::sim::sink
