// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/bitswap.hpp"
#include "wire/outgoing_wantlist.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace mexport::wire {

/// Who hears of a message. Not to send from within, nor to destroy the sender. Not called when the
/// sender goes.
class WantlistReceipt {
 public:
  virtual ~WantlistReceipt() = default;
  struct Written {
    BitswapProtocol protocol = BitswapProtocol::v1_2_0;  ///< whose form it was written in
    std::size_t size = 0;                                ///< bytes of protobuf
    std::optional<base::WallTime> before{};  ///< right before that, when that is not now
  };
  virtual void on_written(const Written& written) = 0;
  /// Once: the protocol has been agreed on and the connection has taken all bytes; or the message
  /// was lost, `error` says how.
  virtual void on_done(std::string_view error) = 0;
};

/// A peer that can be asked: writes wantlists on a stream to it, in the form that the agreed
/// protocol knows. Lives on its host's thread.
class WantlistSender {
 public:
  virtual ~WantlistSender() = default;

  /// `receipt` may be called from within. After an error on_done() is not called.
  virtual base::Status send(std::shared_ptr<const OutgoingWantlist> wantlist,
                            std::unique_ptr<WantlistReceipt> receipt) = 0;
  /// Ends the stream: what is not out is lost.
  virtual void reset() = 0;
};

}  // namespace mexport::wire
