// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace mexport::app {

/// The process's limit on open files.
struct DescriptorLimit {
  std::size_t before = 0;  ///< as the process was started
  std::size_t now = 0;     ///< as far as it could be raised
};

/// Raises the soft limit to the hard one: each connection takes a descriptor.
DescriptorLimit raise_descriptor_limit();

/// Not for connections: what the process has open beside them.
inline constexpr std::size_t kKeptForFiles = 64;
inline constexpr std::size_t kKeptForHttp = 64;
inline constexpr std::size_t kKeptForListeners = 32;
/// Of each shard: its event loop.
inline constexpr std::size_t kKeptPerShard = 4;

/// How many connections the machine allows.
struct ConnectionRoom {
  std::size_t kept = 0;         ///< descriptors that connections do not get; at most half
  std::size_t connections = 0;  ///< the rest
};
/// `dials`: what the node dials at a time.
ConnectionRoom connection_room(std::size_t descriptors, std::size_t shards, std::size_t dials);

/// A node takes no more by itself, whatever the system allows: its memory counts too. An operator
/// may ask for more.
inline constexpr std::size_t kMaxDerivedConnections = 100'000;

/// `configured`, or as many as there is room for when that is 0; never more than the room.
std::size_t connection_limit(std::size_t configured, const ConnectionRoom& room);

}  // namespace mexport::app
