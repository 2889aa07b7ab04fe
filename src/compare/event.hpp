// SPDX-License-Identifier: MIT
#pragma once

#include "compare/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mexport::compare {

enum class EventKind : std::uint8_t {
  message,
  connected,
  disconnected,
  identified,  ///< only tells of an agent version
  gap,         ///< only tells of losses
  other,
};

/// By the remote address.
enum class Transport : std::uint8_t {
  unknown,  ///< no address, or one of none of these
  tcp,
  quic,
  websocket,
  webtransport,
  webrtc,
  relay,
  several,  ///< a message of a peer with connections of more than one, none of which is told
};
inline constexpr std::size_t kTransports = 8;
std::string_view to_string(Transport transport);
Transport transport_of(std::string_view multiaddr);

/// What a message says of a CID.
enum class Said : std::uint8_t { want, cancel, block, have, dont_have };
inline constexpr std::size_t kSaid = 5;
std::string_view to_string(Said said);

struct Mention {
  Said said = Said::want;
  Key cid;
  Key key;  ///< of peer, CID and what is said
};

/// How a record writes wantlist entries.
enum class Spelling : std::uint8_t {
  wire,        ///< as it was published: `Cid`, `WantType`
  snake_case,  ///< as the reference's client logs it: `cid`, `want_type`
};

/// One event, as far as two records of it can be told to be the same. Views into its text.
struct Event {
  EventKind kind = EventKind::other;
  std::int64_t time = 0;  ///< nanoseconds since 1970
  std::string_view peer;
  std::string_view agent;  ///< escapes as they stand; empty where it is not told
  Transport transport = Transport::unknown;
  /// Of peer and content: lists count as sets, addresses not at all. Of a connection event, peer
  /// and what happened.
  Key key;
  std::vector<Mention> mentions;
  std::optional<Spelling> spelling;  ///< where there is an entry that shows it, or `ext`
  std::uint64_t lost = 0;            ///< of a gap: events that this record lacks
};

/// Reads one event object into `event`, which keeps its memory. False when it is none: not JSON of
/// that form, a time that is none, an entry without a CID.
bool parse_event(std::string_view text, Event& event);

}  // namespace mexport::compare
