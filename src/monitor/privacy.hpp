// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/address_redaction.hpp"
#include "monitor/peer_names.hpp"
#include "multiformats/ip_range.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mexport::monitor {

/// What is recorded of people, in run_info.
struct PrivacyInfo {
  AddressDetail addresses = AddressDetail::full;
  bool keyed_peers = false;
  std::string key_id;  ///< see PeerNames; empty when peers are shown in full
  std::size_t excluded_peers = 0;
  std::size_t excluded_subnets = 0;
};

/// What may be recorded of people: the one place that decides it, for every host and every sink.
/// Applied where facts are made (Capture), so that nothing else ever crosses to the export thread.
/// Immutable; thread-safe.
class Privacy {
 public:
  struct Options {
    AddressDetail addresses = AddressDetail::full;
    std::optional<PeerKey> peer_key{};  ///< none: peer ids as they are
    std::vector<multiformats::PeerId> excluded_peers{};
    std::vector<multiformats::IpRange> excluded_subnets{};
  };

  /// Everything is recorded as it is.
  Privacy() = default;
  explicit Privacy(const Options& options);

  /// Whether nothing of a connection may be recorded.
  bool excludes(const multiformats::PeerId& peer, const multiformats::Multiaddr& remote) const;
  /// Whether an address leads to or over what is excluded.
  bool excludes(const multiformats::Multiaddr& address) const;

  multiformats::PeerId shown(const multiformats::PeerId& peer) const { return names_.shown(peer); }
  std::string shown(const multiformats::Multiaddr& address) const {
    return redacted(address, addresses_, names_);
  }
  std::string shown_peer_text(std::string_view peer) const { return names_.shown_text(peer); }

  /// Whether recorded addresses differ from what was seen.
  bool changes_addresses() const;
  /// Addresses one by one; excluded ones are left out. Texts that are no multiaddr become
  /// kUnknownAddress unless nothing is changed at all.
  std::vector<std::string> shown_texts(const std::vector<std::string>& addresses) const;
  /// The same, each text once. For what a peer says of itself: where details are hidden, the number
  /// of its addresses need not show.
  std::vector<std::string> shown_set(const std::vector<std::string>& addresses) const;
  std::string shown_text(std::string_view address) const;

  PrivacyInfo info() const;
  bool keyed_peers() const { return names_.keyed(); }

 private:
  std::optional<std::string> shown_unless_excluded(std::string_view address) const;

  AddressDetail addresses_ = AddressDetail::full;
  PeerNames names_;
  std::unordered_set<multiformats::PeerId> excluded_peers_;
  std::vector<multiformats::IpRange> excluded_subnets_;
};

}  // namespace mexport::monitor
