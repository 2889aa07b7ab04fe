// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/identify/identify_result.hpp"
#include "wire/identify.hpp"

#include <span>
#include <string>
#include <vector>

namespace mexport::libp2p::identify {

/// What a peer's message says, checked against the connection on which it came; without protocols
/// and agent version, which are interned elsewhere.
IdentifyResult result_of(const ConnectionInfo& connection, IdentifyCause cause,
                         const wire::IdentifyMessage& said);

/// The multiaddr's text, or "unknown:" and hex for one that does not parse.
std::string address_text(base::ByteView address);

/// The addresses that make sense to us: a public peer's private and loopback ones, and a private
/// peer's loopback ones, lead elsewhere (go-libp2p: p2p/protocol/identify/id.go).
std::vector<multiformats::Multiaddr> usable_addresses(const multiformats::Multiaddr& remote,
                                                      std::span<const base::Bytes> addresses);

}  // namespace mexport::libp2p::identify
