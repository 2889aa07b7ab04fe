// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/proposal.hpp"

namespace mexport::ipfs {

Proposal propose(const StreamOpener& opener, std::span<const std::string_view> protocols) {
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    if (opener.speaks(protocols[i])) {
      return {protocols.subspan(i, 1), libp2p::multistream::Form::lazy};
    }
  }
  return {protocols, libp2p::multistream::Form::waiting};
}

}  // namespace mexport::ipfs
