// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/stream_opener.hpp"

#include <span>
#include <string_view>

namespace mexport::ipfs {

/// How a stream to a peer is to be negotiated.
struct Proposal {
  std::span<const std::string_view> protocols;
  libp2p::multistream::Form form;

  bool lazy() const { return form == libp2p::multistream::Form::lazy; }
};

/// The first of `protocols`, best first, that the peer has listed, without waiting for its word;
/// all of them when it has listed none. `protocols` outlives the proposal.
Proposal propose(const StreamOpener& opener, std::span<const std::string_view> protocols);

}  // namespace mexport::ipfs
