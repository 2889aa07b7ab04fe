// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/multiaddr.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace mexport::libp2p {

enum class IdentifyCause : std::uint8_t {
  initial,  ///< the answer to our request
  push,     ///< told unasked, after a change
  failed,   ///< no usable answer; only `error` is set
};

/// What a peer said of itself (specs: identify/README.md). Texts are as the peer sent them, which
/// need not be UTF-8.
struct IdentifyResult {
  IdentifyCause cause = IdentifyCause::initial;
  std::shared_ptr<const std::string> agent_version{};  ///< interned; null when not sent
  std::string protocol_version{};
  std::shared_ptr<const std::vector<std::string>> protocols{};  ///< never null unless failed
  /// For the record: as text, one that does not parse as "unknown:" and hex.
  std::vector<std::string> listen_addrs{};
  std::string observed_addr{};  ///< ours as the peer sees it, in the same form; empty when not sent
  /// For use: from the signed record where one came, without those that only make sense elsewhere
  /// (private ones from a public peer), without /p2p.
  std::vector<multiformats::Multiaddr> usable_addrs{};
  std::optional<std::uint64_t> record_sequence{};  ///< of the signed peer record, when one came
  std::optional<bool> record_valid{};              ///< whether its signature held
  std::error_code error{};
};

}  // namespace mexport::libp2p
