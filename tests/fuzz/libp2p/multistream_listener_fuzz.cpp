// SPDX-License-Identifier: MIT
// Input: one byte for the size of the pieces, then what a dialling peer sends.
#include "libp2p/multistream/listener.hpp"

#include <algorithm>
#include <cstdlib>

using namespace mexport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} + 1;
  libp2p::multistream::Listener listener;
  base::Bytes out;
  const auto known = [](std::string_view protocol) { return protocol == "/a" || protocol == ""; };
  for (base::ByteView in(data + 1, size - 1); !in.empty();) {
    const base::ByteView piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    const auto progress = listener.receive(piece, out, known);
    if (out.size() > 1024) std::abort();  // at most kMaxProposals short answers
    if (!progress) return 0;
    if (progress->consumed > piece.size()) std::abort();
    if (progress->protocol) {
      if (!known(*progress->protocol)) std::abort();
      return 0;
    }
    if (progress->consumed != piece.size()) std::abort();
  }
  return 0;
}
