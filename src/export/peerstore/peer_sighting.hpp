// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// What one event says of a peer. Agent version, protocols and addresses are JSON as it stands in
/// the event; empty where the event does not tell them.
struct PeerSighting {
  /// Longer agent versions are not taken, of longer lists the beginning.
  static constexpr std::size_t kMaxAgent = 1024;
  static constexpr std::size_t kMaxList = 8192;

  std::string peer;           ///< base58btc
  std::string agent_version;  ///< a string
  std::string protocols;      ///< a list of strings
  std::string addresses;      ///< a list of strings: where it says that it listens
  std::optional<std::int64_t> latency_ns;
};

/// Reads the line of an identify or connection event; nullopt for others.
std::optional<PeerSighting> read_sighting(std::string_view line);

}  // namespace mexport::exporter
