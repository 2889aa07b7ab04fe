// SPDX-License-Identifier: MIT
#include "multiformats/ip_range.hpp"
#include "multiformats/multiaddr.hpp"
#include "tests/fuzz/multiformats/require.hpp"

using namespace mexport;
using multiformats::Multiaddr;

namespace {

void check(const Multiaddr& address) {
  const auto text = address.to_string();
  if (text.size() <= multiformats::kMaxMultiaddrText) {
    const auto again = Multiaddr::from_string(text);
    fuzz::require(again && *again == address);
  }
  std::size_t covered = 0;
  for (const auto& component : address.components()) covered += component.bytes.size();
  fuzz::require(covered == address.bytes().size());

  if (const auto tcp = address.tcp_address()) {
    fuzz::require(Multiaddr::from_tcp(*tcp).tcp_address() == tcp);
  }
  if (const auto id = address.peer_id()) {
    fuzz::require(address.with_p2p(*id) == address);
  }
  static_cast<void>(multiformats::is_public(address));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(data, size);
  if (const auto address = Multiaddr::from_bytes(input)) check(*address);
  if (const auto address = Multiaddr::from_string(base::as_text(input))) check(*address);
  if (const auto range = multiformats::IpRange::from_string(base::as_text(input))) {
    fuzz::require(multiformats::IpRange::from_string(range->to_string()) == *range);
  }
  return 0;
}
