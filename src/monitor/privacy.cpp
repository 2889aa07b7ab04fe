// SPDX-License-Identifier: MIT
#include "monitor/privacy.hpp"

#include <algorithm>

namespace mexport::monitor {

using multiformats::Multiaddr;
using multiformats::PeerId;
using multiformats::Protocol;

Privacy::Privacy(const Options& options)
    : addresses_(options.addresses),
      names_(options.peer_key),
      excluded_peers_(options.excluded_peers.begin(), options.excluded_peers.end()),
      excluded_subnets_(options.excluded_subnets) {}

bool Privacy::excludes(const PeerId& peer, const Multiaddr& remote) const {
  return excluded_peers_.contains(peer) || excludes(remote);
}

bool Privacy::excludes(const Multiaddr& address) const {
  if (excluded_peers_.empty() && excluded_subnets_.empty()) return false;
  if (const auto ip = address.ip(); ip && any_contains(excluded_subnets_, *ip)) return true;
  return std::ranges::any_of(address.components(), [this](const Multiaddr::Component& component) {
    if (component.protocol != Protocol::p2p) return false;
    const auto peer = PeerId::from_bytes(component.value);
    return peer && excluded_peers_.contains(*peer);
  });
}

bool Privacy::changes_addresses() const {
  return addresses_ != AddressDetail::full || names_.keyed() || !excluded_peers_.empty() ||
         !excluded_subnets_.empty();
}

std::vector<std::string> Privacy::shown_texts(const std::vector<std::string>& addresses) const {
  std::vector<std::string> shown;
  for (const auto& address : addresses) {
    if (auto text = shown_unless_excluded(address)) shown.push_back(std::move(*text));
  }
  return shown;
}

std::vector<std::string> Privacy::shown_set(const std::vector<std::string>& addresses) const {
  std::vector<std::string> shown;
  std::unordered_set<std::string> seen;
  for (auto& text : shown_texts(addresses)) {
    if (seen.insert(text).second) shown.push_back(std::move(text));
  }
  return shown;
}

std::string Privacy::shown_text(std::string_view address) const {
  return shown_unless_excluded(address).value_or(std::string(kUnknownAddress));
}

std::optional<std::string> Privacy::shown_unless_excluded(std::string_view address) const {
  if (!changes_addresses()) return std::string(address);
  const auto parsed = Multiaddr::from_string(address);
  if (parsed && excludes(*parsed)) return std::nullopt;
  if (parsed) return shown(*parsed);
  const bool as_it_is = addresses_ == AddressDetail::full && !names_.keyed();
  return std::string(as_it_is ? address : kUnknownAddress);
}

PrivacyInfo Privacy::info() const {
  return {.addresses = addresses_,
          .keyed_peers = names_.keyed(),
          .key_id = names_.key_id(),
          .excluded_peers = excluded_peers_.size(),
          .excluded_subnets = excluded_subnets_.size()};
}

}  // namespace mexport::monitor
