// SPDX-License-Identifier: MIT
#include "libp2p/dial_backoff.hpp"

#include <algorithm>

namespace mexport::libp2p {
namespace {

constexpr std::chrono::seconds kBase{5};
constexpr std::chrono::seconds kCap{300};
/// The first n whose delay is the cap; greater ones must not overflow.
constexpr std::uint32_t kMaxFailures = 18;

}  // namespace

std::chrono::milliseconds backoff_delay(std::uint32_t failures, base::Random& random) {
  const auto n = std::min(failures, kMaxFailures);
  const std::chrono::milliseconds delay = std::min(kBase + std::chrono::seconds(n * n), kCap);
  const auto spread = static_cast<std::uint64_t>(delay.count() / 5);
  return delay - delay / 10 + std::chrono::milliseconds(random.below(spread));
}

bool DialBackoff::blocked(const multiformats::PeerId& peer, const multiformats::Multiaddr& address,
                          base::SteadyTime now) const {
  const auto found = entries_.find(key(peer, address));
  return found != entries_.end() && now < found->second.until;
}

void DialBackoff::failed(const multiformats::PeerId& peer, const multiformats::Multiaddr& address,
                         base::SteadyTime now) {
  if (entries_.size() >= kMaxBackoffEntries) forget_old(now);
  if (entries_.size() >= kMaxBackoffEntries) return;
  Entry& entry = entries_[key(peer, address)];
  entry.until = now + backoff_delay(entry.failures, random_);
  ++entry.failures;
}

void DialBackoff::succeeded(const multiformats::PeerId& peer,
                            const multiformats::Multiaddr& address) {
  entries_.erase(key(peer, address));
}

std::string DialBackoff::key(const multiformats::PeerId& peer,
                             const multiformats::Multiaddr& address) {
  std::string text(base::as_text(peer.bytes()));
  text += base::as_text(address.bytes());
  return text;
}

void DialBackoff::forget_old(base::SteadyTime now) {
  std::erase_if(entries_, [now](const auto& item) { return item.second.until <= now; });
}

}  // namespace mexport::libp2p
