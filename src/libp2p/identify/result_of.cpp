// SPDX-License-Identifier: MIT
#include "libp2p/identify/result_of.hpp"

#include "multiformats/ip_range.hpp"
#include "wire/signed_peer_record.hpp"

#include <utility>

namespace mexport::libp2p::identify {
namespace {

using multiformats::Multiaddr;

bool leads_elsewhere(const Multiaddr& remote, const Multiaddr& address) {
  const auto peer = remote.ip();
  const auto ip = address.ip();
  if (!peer || !ip || is_loopback(*peer)) return false;
  return is_loopback(*ip) || (is_private(*ip) && !is_private(*peer));
}

}  // namespace

std::string address_text(base::ByteView address) {
  const auto parsed = Multiaddr::from_bytes(address);
  return parsed ? parsed->to_string() : "unknown:" + base::to_hex(address);
}

std::vector<Multiaddr> usable_addresses(const Multiaddr& remote,
                                        std::span<const base::Bytes> addresses) {
  std::vector<Multiaddr> usable;
  for (const auto& bytes : addresses) {
    const auto address = Multiaddr::from_bytes(bytes);
    if (address && !leads_elsewhere(remote, *address)) usable.push_back(address->without_p2p());
  }
  return usable;
}

IdentifyResult result_of(const ConnectionInfo& connection, IdentifyCause cause,
                         const wire::IdentifyMessage& said) {
  IdentifyResult result{.cause = cause};
  result.protocol_version = said.protocol_version.value_or("");
  for (const auto& address : said.listen_addrs) {
    result.listen_addrs.push_back(address_text(address));
  }
  if (said.observed_addr) result.observed_addr = address_text(*said.observed_addr);

  if (!said.signed_peer_record) {
    result.usable_addrs = usable_addresses(connection.remote, said.listen_addrs);
    return result;
  }
  // Where there is a record, only its addresses count; none when it is not in order.
  const auto opened = wire::open_peer_record(*said.signed_peer_record);
  result.record_valid = opened && opened->record.peer_id == connection.peer;
  if (opened) result.record_sequence = opened->record.sequence;
  if (*result.record_valid) {
    result.usable_addrs = usable_addresses(connection.remote, opened->record.addresses);
  }
  return result;
}

}  // namespace mexport::libp2p::identify
