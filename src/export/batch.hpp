// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "monitor/loss.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// Where one event stands in a batch.
struct EventRef {
  std::uint64_t sequence = 0;
  std::uint32_t offset = 0;          ///< of its line in Batch::lines
  std::uint32_t size = 0;            ///< of the line, without the newline
  std::uint32_t reference_size = 0;  ///< of its part before `,"ext"`; that and a "}" is the event
                                     ///< without our extras
  monitor::EventKind kind = monitor::EventKind::bitswap_message;
};

class LargeEvent;

/// Events in the order of their times, encoded once for all sinks: NDJSON with `ext` at the end of
/// each event. Immutable when a sink sees it.
struct Batch {
  std::string lines;  ///< each ends in '\n'
  std::vector<EventRef> events;
  std::vector<monitor::LostRange> losses;  ///< what the gap events among them report
  base::WallTime first;                    ///< timestamp of the first event
  base::WallTime last;
  /// When it is set, the only event, of which only kind and sequence stand above: it is encoded
  /// while a sink writes it.
  std::shared_ptr<const LargeEvent> large;

  /// What it holds, for the bounds of queues.
  std::size_t memory_size() const;
  /// The event with everything that we know of it. Not of a large one.
  std::string_view extended(const EventRef& event) const {
    return std::string_view(lines).substr(event.offset, event.size);
  }
  /// Appends the event as the reference writes it.
  void append_reference(const EventRef& event, std::string& out) const {
    out.append(lines, event.offset, event.reference_size);
    out.push_back('}');
  }
};
using BatchPtr = std::shared_ptr<const Batch>;

/// The batch with the text of its event where it is a large one, for sinks that need it in one
/// piece; else the batch itself.
BatchPtr with_text(const BatchPtr& batch);

}  // namespace mexport::exporter
