// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/event_encoder.hpp"
#include "monitor/observation_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace mexport::exporter {

/// A fact from so many bytes on stays as it is until a sink writes it: its text takes three times
/// as much, and would be there in full at once.
inline constexpr std::size_t kLargeFact = 64 << 10;

/// An event that is encoded while it is written. Immutable; for any thread.
class LargeEvent {
 public:
  LargeEvent(EventEncoder::Options encoder, monitor::TakenFact fact, base::WallTime timestamp,
             std::uint64_t sequence);

  /// Encodes the line anew, newline included, and hands it on in pieces. Stops with the error of
  /// `take`.
  base::Status write(const EventEncoder::TakePiece& take) const;
  /// As EventEncoder::encode().
  std::size_t append_text(std::string& out) const;
  std::size_t memory_size() const { return memory_size_; }

 private:
  EventEncoder::Options encoder_;
  monitor::TakenFact taken_;
  base::WallTime timestamp_;
  std::uint64_t sequence_;
  std::size_t memory_size_;
};

}  // namespace mexport::exporter
