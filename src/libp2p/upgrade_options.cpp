// SPDX-License-Identifier: MIT
#include "libp2p/upgrade_options.hpp"

#include <array>

namespace mexport::libp2p {

std::string_view to_string(UpgradeFailure failure) {
  static constexpr std::array<std::string_view, kUpgradeFailures> kNames{
      "closed",       "first_bytes_timeout", "timeout",      "security_negotiation", "handshake",
      "bad_identity", "peer_mismatch",       "dialled_self", "muxer_negotiation",    "supplanted",
      "stopped"};
  return kNames[static_cast<std::size_t>(failure)];
}

}  // namespace mexport::libp2p
