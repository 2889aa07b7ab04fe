// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace mexport::config {

/// `Mexport.Limits`: what peers may make a node hold, and for how long (docs/limits.md).
struct Limits {
  using Milliseconds = std::chrono::milliseconds;

  std::size_t max_connections = 0;             ///< 0: what the limit on open files leaves room for
  std::size_t max_connections_per_ip = 64;     ///< 0: no limit
  std::size_t max_connections_per_subnet = 0;  ///< 0: no limit
  int subnet_prefix_ip4 = 24;
  int subnet_prefix_ip6 = 48;
  std::size_t max_handshakes = 512;
  Milliseconds first_bytes_timeout{10'000};  ///< of an accepted connection
  Milliseconds handshake_timeout{15'000};    ///< security and muxer together
  Milliseconds dial_timeout{5'000};          ///< until TCP is connected
  std::size_t max_dials = 160;               ///< under way, of the node

  std::uint32_t max_streams_per_connection = 1024;
  std::size_t max_streams = 250'000;
  std::size_t max_streams_per_protocol = 256;  ///< of one connection
  std::uint32_t max_unaccepted_streams = 256;  ///< of ours, on one connection
  Milliseconds stream_negotiation_timeout{10'000};
  std::uint32_t frames_at_once = 16'384;  ///< without payload, of one connection
  std::uint32_t frames_per_second = 1000;
  std::size_t max_buffered_bytes_per_connection = 16 << 20;
  std::size_t max_buffered_bytes = 256 << 20;
  std::size_t max_unsent_bytes = 2 << 20;  ///< that wait in one socket
  Milliseconds keep_alive_interval{30'000};
  Milliseconds keep_alive_timeout{10'000};

  Milliseconds identify_timeout{10'000};
  std::uint32_t identify_pushes_at_once = 10;  ///< of one connection
  std::uint32_t identify_pushes_per_minute = 12;

  std::uint32_t empty_messages_at_once = 256;  ///< of one connection
  std::uint32_t empty_messages_per_second = 100;
  std::size_t max_ledger_wants = 1024;     ///< of one connection
  std::size_t max_pending_answers = 4096;  ///< of one connection
  std::size_t max_answer_streams = 8;      ///< of one connection
  Milliseconds answer_timeout{10'000};

  std::size_t queued_facts = 65'536;          ///< of one shard, on their way to the export thread
  std::size_t queued_bytes = 64 << 20;        ///< the same
  std::size_t queued_trace_bytes = 64 << 20;  ///< encoded events, on their way to the disk

  bool operator==(const Limits&) const = default;
};

/// One key of `Mexport.Limits`: an integer within a range, and where it stands in Limits. Durations
/// are in milliseconds.
struct LimitKey {
  using Member = std::variant<std::size_t Limits::*, std::uint32_t Limits::*, int Limits::*,
                              Limits::Milliseconds Limits::*>;

  std::string_view name;
  Member member;
  std::int64_t min;
  std::int64_t max;

  std::int64_t get(const Limits& limits) const;
  /// `value` is within the range.
  void set(Limits& limits, std::int64_t value) const;
};

/// All of them, in the order in which a configuration is shown; static storage.
std::span<const LimitKey> limit_keys();

}  // namespace mexport::config
