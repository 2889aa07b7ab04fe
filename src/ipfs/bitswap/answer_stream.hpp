// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/stream.hpp"

#include <cstddef>

namespace mexport::ipfs {

class AnswerQueue;

/// One answering message on a stream of its own, as boxo's server sends them: written, half-closed,
/// then the peer's close is awaited. Owned by its stream; tells its queue when it is gone.
class AnswerStream final : public libp2p::StreamHandler {
 public:
  AnswerStream(AnswerQueue& queue, base::Bytes frame, std::size_t answers);
  ~AnswerStream() override;

  /// From the opening on the deadline runs.
  void opened(libp2p::Stream& stream);
  /// The protocol is agreed on, or known to be.
  void write(libp2p::Stream& stream);
  /// The queue is gone, or wants to hear nothing more.
  void detach();

  void on_data(libp2p::Stream& stream, base::ByteView data) override;
  void on_remote_close(libp2p::Stream&) override {}
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override {}

 private:
  void on_timeout();

  AnswerQueue* queue_;
  libp2p::Stream* stream_ = nullptr;
  base::Bytes frame_;
  std::size_t answers_;
  bool written_ = false;
  base::Timer deadline_;
};

}  // namespace mexport::ipfs
