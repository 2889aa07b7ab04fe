// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/peer_names.hpp"
#include "multiformats/multiaddr.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace mexport::monitor::testing {

// Ids, and what Python's hmac makes of them with key(0).
inline constexpr const char* kPeer = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";
inline constexpr const char* kKeyedPeer = "QmSRFJmP99KHLZiMnfPkDTzu3CxeTJTsdRr11fg2F8CqRZ";
inline constexpr const char* kRelay = "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ";
inline constexpr const char* kKeyedRelay = "QmaHM9RoNrg9J7b6ZAD5DtDHEDHQhYMZB1NiCZANzASCer";

/// The bytes from `first` on, each one more than the one before.
inline PeerKey key(std::uint8_t first) {
  std::array<std::uint8_t, kPeerKeySize> bytes{};
  std::iota(bytes.begin(), bytes.end(), first);
  return PeerKey(bytes);
}

inline multiformats::PeerId peer(std::string_view text) {
  return multiformats::PeerId::from_string(text).value();
}
inline multiformats::Multiaddr address(std::string_view text) {
  return multiformats::Multiaddr::from_string(text).value();
}

}  // namespace mexport::monitor::testing
