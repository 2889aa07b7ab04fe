// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstddef>

namespace mexport::libp2p::yamux {

/// Where a session's frames go, on behalf of its owner. The owner collects what one wake-up
/// produced and encrypts it in one go, so that neither side holds a buffer while nothing is sent.
/// Neither member may call the session back.
class Output {
 public:
  virtual ~Output() = default;

  /// The session appends whole frames at the end. The owner takes the call as the sign to flush
  /// after what runs now; the buffer may be one that connections share.
  virtual base::Bytes& plaintext_out() = 0;

  /// Bytes of this connection that the socket has not taken yet, those in plaintext_out() included.
  virtual std::size_t output_backlog() const = 0;
};

}  // namespace mexport::libp2p::yamux
