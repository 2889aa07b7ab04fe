// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/json_writer.hpp"
#include "monitor/merged_lists.hpp"
#include "monitor/observation.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// Writes facts as event objects: the reference's, byte for byte, and then `ext` (docs/events.md).
/// Appends to a string that the caller reuses; nothing else is allocated once its lists have grown.
/// One owner, the export thread.
class EventEncoder {
 public:
  struct Options {
    bool several_nodes = false;   ///< whether ext names the node
    std::uint64_t hash_seed = 0;  ///< see ListMerger
  };

  using TakePiece = std::function<base::Status(std::string_view)>;

  explicit EventEncoder(Options options)
      : several_nodes_(options.several_nodes), merger_(options.hash_seed) {}

  /// Appends one line without newline. Returns the size of its part before `,"ext"`; that and a "}"
  /// is the event as the reference writes it.
  std::size_t encode(const monitor::Fact& fact, base::WallTime timestamp, std::uint64_t sequence,
                     std::string& out);

  /// The same line with a newline, handed on in pieces of about kPieceSize bytes; ends with the
  /// first error of `take`.
  base::Status encode_in_pieces(const monitor::Fact& fact, base::WallTime timestamp,
                                std::uint64_t sequence, const TakePiece& take);
  static constexpr std::size_t kPieceSize = 64 << 10;

  /// Entries and presences with unknown enum values so far.
  std::uint64_t unknown_want_types() const { return unknown_want_types_; }
  std::uint64_t unknown_presence_types() const { return unknown_presence_types_; }

 private:
  void append(const monitor::BitswapMessageReceived& fact, std::string& out);
  void append(const monitor::Connected& fact, std::string& out);
  void append(const monitor::Disconnected& fact, std::string& out);
  void append(const monitor::PeerIdentified& fact, std::string& out);
  void append(const monitor::BitswapSent& fact, std::string& out);
  void append_ext(const monitor::BitswapMessageReceived& fact, std::string& out);
  void append_ext(const monitor::Connected& fact, std::string& out);
  void append_ext(const monitor::Disconnected& fact, std::string& out);
  void append_ext(const monitor::PeerIdentified& fact, std::string& out);
  void append_ext(const monitor::BitswapSent& fact, std::string& out);
  void append_asked(const monitor::Asked& asked, wire::BitswapProtocol protocol, std::string& out);
  void append_served(const monitor::Served& served, std::string& out);
  void append_wire(const wire::BitswapMessage& message, std::string& out);
  void append_entries(const wire::BitswapMessage& message, std::string& out);
  void append_blocks(const wire::BitswapMessage& message, std::string& out);
  void append_presences(const wire::BitswapMessage& message, std::string& out);
  void append_block_sizes(std::string& out);

  /// After each item of a list.
  void end_item(std::string& out) {
    if (out.size() >= piece_size_) hand_on(out);
  }
  void hand_on(std::string& out);

  bool several_nodes_;
  monitor::ListMerger merger_;
  const monitor::MergedLists* merged_ = nullptr;  // of the message being encoded
  TimestampWriter timestamps_;
  const TakePiece* take_ = nullptr;  // while an event is encoded in pieces
  std::size_t piece_size_ = std::numeric_limits<std::size_t>::max();
  base::Status taken_;
  std::uint64_t unknown_want_types_ = 0;
  std::uint64_t unknown_presence_types_ = 0;
};

}  // namespace mexport::exporter
