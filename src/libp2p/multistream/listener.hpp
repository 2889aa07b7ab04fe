// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "libp2p/multistream/progress.hpp"
#include "libp2p/multistream/token.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace mexport::libp2p::multistream {

/// What a peer may propose before we give up on it.
inline constexpr std::size_t kMaxProposals = 64;

/// Answers whether a proposed protocol is to be spoken here; the comparison is exact.
using KnownProtocol = std::function<bool(std::string_view protocol)>;

/// The responder of multistream-select 1.0, for a connection or one stream. I/O-free, incremental.
class Listener {
 public:
  /// Appends the header, which is sent without waiting for the peer's. Call once, first.
  static void start(base::Bytes& out) { append_token(out, kHeader); }

  /// Takes bytes of the peer, asks `known` about each proposal, appends the answers to `out`, and
  /// ends with the first known protocol, whose bytes may follow in the same `in`. Not to be called
  /// again after the end or an error. The first byte that is not the header's is an error.
  base::Result<Progress> receive(base::ByteView in, base::Bytes& out, const KnownProtocol& known);

 private:
  bool take_header(base::ByteView& in);

  TokenReader tokens_;
  std::uint8_t header_fill_ = 0;  // bytes of the header token that have come
  std::uint8_t proposals_ = 0;
};

}  // namespace mexport::libp2p::multistream
