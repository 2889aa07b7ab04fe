// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "wire/bitswap.hpp"
#include "wire/outgoing_wantlist.hpp"

#include <cstddef>
#include <memory>

namespace mexport::wire {

/// Who hears of a message. Not to send from within, nor to destroy the sender. Not called when the
/// sender goes.
class WantlistReceipt {
 public:
  virtual ~WantlistReceipt() = default;
  /// It was written in this protocol's form: so many bytes of protobuf.
  virtual void on_written(BitswapProtocol protocol, std::size_t size) = 0;
  /// Once: the protocol has been agreed on and the connection has taken all bytes; or the message
  /// was lost.
  virtual void on_done(base::Status status) = 0;
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
