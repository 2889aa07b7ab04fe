// SPDX-License-Identifier: MIT
#include "export/large_event.hpp"

#include <utility>

namespace mexport::exporter {

LargeEvent::LargeEvent(EventEncoder::Options encoder, monitor::TakenFact fact,
                       base::WallTime timestamp, std::uint64_t sequence)
    : encoder_(encoder),
      taken_(std::move(fact)),
      timestamp_(timestamp),
      sequence_(sequence),
      memory_size_(monitor::memory_size(taken_.fact)) {}

base::Status LargeEvent::write(const EventEncoder::TakePiece& take) const {
  // One of its own: its lists are as large as the event, and go with it.
  return EventEncoder(encoder_).encode_in_pieces(taken_.fact, timestamp_, sequence_, take);
}

std::size_t LargeEvent::append_text(std::string& out) const {
  return EventEncoder(encoder_).encode(taken_.fact, timestamp_, sequence_, out);
}

}  // namespace mexport::exporter
