// SPDX-License-Identifier: MIT
#pragma once

#include "export/batch.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace mexport::exporter::testing {

/// Events of one kind, `from` to `to`, with lines that the trace tools take for events.
inline BatchPtr make_batch(std::uint64_t from, std::uint64_t to,
                           monitor::EventKind kind = monitor::EventKind::bitswap_message) {
  auto batch = std::make_shared<Batch>();
  for (auto sequence = from; sequence <= to; ++sequence) {
    const auto offset = batch->lines.size();
    batch->lines += R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p",")";
    batch->lines += to_string(kind);
    batch->lines += R"(":{})";
    const auto reference_size = batch->lines.size() - offset;
    batch->lines += R"(,"ext":{"seq":)" + std::to_string(sequence) + "}}";
    batch->events.push_back({.sequence = sequence,
                             .offset = static_cast<std::uint32_t>(offset),
                             .size = static_cast<std::uint32_t>(batch->lines.size() - offset),
                             .reference_size = static_cast<std::uint32_t>(reference_size),
                             .kind = kind});
    batch->lines.push_back('\n');
  }
  batch->first = batch->last = base::WallTime(
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(20));
  return batch;
}

}  // namespace mexport::exporter::testing
