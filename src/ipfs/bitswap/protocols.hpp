// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace mexport::ipfs {

/// All of Bitswap, best first: what identify lists and a sender proposes.
inline constexpr std::array<std::string_view, 4> kBitswapProtocols{
    "/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"};

/// Those that carry presences.
inline constexpr std::array<std::string_view, 2> kPresenceProtocols{kBitswapProtocols[0],
                                                                    kBitswapProtocols[1]};

}  // namespace mexport::ipfs
