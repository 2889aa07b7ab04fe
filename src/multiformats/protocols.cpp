// SPDX-License-Identifier: MIT
#include "multiformats/protocols.hpp"

#include <algorithm>
#include <array>

namespace mexport::multiformats {
namespace {

constexpr auto kVariable = ProtocolInfo::kVariable;

/// By ascending code.
constexpr std::array kProtocols{
    ProtocolInfo{Protocol::ip4, "ip4", 4},
    ProtocolInfo{Protocol::tcp, "tcp", 2},
    ProtocolInfo{Protocol::dccp, "dccp", 2},
    ProtocolInfo{Protocol::ip6, "ip6", 16},
    ProtocolInfo{Protocol::ip6zone, "ip6zone", kVariable},
    ProtocolInfo{Protocol::ipcidr, "ipcidr", 1},
    ProtocolInfo{Protocol::dns, "dns", kVariable},
    ProtocolInfo{Protocol::dns4, "dns4", kVariable},
    ProtocolInfo{Protocol::dns6, "dns6", kVariable},
    ProtocolInfo{Protocol::dnsaddr, "dnsaddr", kVariable},
    ProtocolInfo{Protocol::sctp, "sctp", 2},
    ProtocolInfo{Protocol::udp, "udp", 2},
    ProtocolInfo{Protocol::p2p_webrtc_direct, "p2p-webrtc-direct"},
    ProtocolInfo{Protocol::webrtc_direct, "webrtc-direct"},
    ProtocolInfo{Protocol::webrtc, "webrtc"},
    ProtocolInfo{Protocol::p2p_circuit, "p2p-circuit"},
    ProtocolInfo{Protocol::udt, "udt"},
    ProtocolInfo{Protocol::utp, "utp"},
    ProtocolInfo{Protocol::unix_path, "unix", kVariable, true},
    ProtocolInfo{Protocol::p2p, "p2p", kVariable},
    ProtocolInfo{Protocol::https, "https"},
    ProtocolInfo{Protocol::onion, "onion", 12},
    ProtocolInfo{Protocol::onion3, "onion3", 37},
    ProtocolInfo{Protocol::garlic64, "garlic64", kVariable},
    ProtocolInfo{Protocol::garlic32, "garlic32", kVariable},
    ProtocolInfo{Protocol::tls, "tls"},
    ProtocolInfo{Protocol::sni, "sni", kVariable},
    ProtocolInfo{Protocol::noise, "noise"},
    ProtocolInfo{Protocol::quic, "quic"},
    ProtocolInfo{Protocol::quic_v1, "quic-v1"},
    ProtocolInfo{Protocol::webtransport, "webtransport"},
    ProtocolInfo{Protocol::certhash, "certhash", kVariable},
    ProtocolInfo{Protocol::ws, "ws"},
    ProtocolInfo{Protocol::wss, "wss"},
    ProtocolInfo{Protocol::http, "http"},
    ProtocolInfo{Protocol::http_path, "http-path", kVariable},
    ProtocolInfo{Protocol::memory, "memory", 8},
    ProtocolInfo{Protocol::plaintextv2, "plaintextv2"},
};
static_assert(std::ranges::is_sorted(kProtocols, {}, &ProtocolInfo::protocol));

}  // namespace

const ProtocolInfo* find_protocol(std::uint64_t code) {
  if (code > static_cast<std::uint64_t>(kProtocols.back().protocol)) return nullptr;
  const auto wanted = static_cast<Protocol>(code);
  const auto* found = std::ranges::lower_bound(kProtocols, wanted, {}, &ProtocolInfo::protocol);
  return found->protocol == wanted ? found : nullptr;
}

const ProtocolInfo* find_protocol(std::string_view name) {
  if (name == "ipfs") name = "p2p";
  const auto* found = std::ranges::find(kProtocols, name, &ProtocolInfo::name);
  return found == kProtocols.end() ? nullptr : found;
}

std::string_view to_string(Protocol protocol) {
  const auto* info = find_protocol(static_cast<std::uint64_t>(protocol));
  return info == nullptr ? std::string_view() : info->name;
}

}  // namespace mexport::multiformats
