// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "tests/sim/held.hpp"
#include "wire/bitswap.hpp"

#include <cstdint>

namespace mexport::sim {

/// A Bitswap message behind its length prefix whose first entry carries Truth::cid_of(number):
/// wants, cancels, presences and blocks as they come; `big`: some hundred KiB. With `held`, some of
/// what the monitor has is wanted too.
base::Bytes make_message(base::Random& random, std::uint64_t number, wire::BitswapProtocol protocol,
                         bool big, const Held* held);

}  // namespace mexport::sim
