// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/cid.hpp"

#include <vector>

namespace mexport::wire {

/// A message to be sent, or sent, to a peer that wants what we have. CIDs as the peer wrote them.
struct OutgoingReply {
  std::vector<multiformats::Cid> blocks;  ///< whose data it carries
  std::vector<multiformats::Cid> haves;   ///< presences of type HAVE
};

}  // namespace mexport::wire
