// SPDX-License-Identifier: MIT
// Input: one byte for the size of the pieces (its lowest bit chooses the lazy form), then what a
// listening peer answers.
#include "libp2p/multistream/dialer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace mexport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static constexpr std::array<std::string_view, 3> kProposals{"/a", "/b", "/c"};
  const std::size_t step = std::size_t{data[0]} / 2 + 1;
  libp2p::multistream::Dialer dialer(kProposals, data[0] % 2 == 0
                                                     ? libp2p::multistream::Form::waiting
                                                     : libp2p::multistream::Form::lazy);
  base::Bytes out;
  dialer.start(out);
  for (base::ByteView in(data + 1, size - 1); !in.empty();) {
    const base::ByteView piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    const auto progress = dialer.receive(piece, out);
    if (out.size() > 64) std::abort();  // header and three proposals
    if (!progress) return 0;
    if (progress->consumed > piece.size()) std::abort();
    if (progress->protocol) {
      if (std::ranges::find(kProposals, *progress->protocol) == kProposals.end()) std::abort();
      return 0;
    }
  }
  return 0;
}
