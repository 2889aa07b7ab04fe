// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/stream.hpp"

#include <cstddef>

namespace mexport::ipfs {

class AnswerQueue;

/// A stream of answers, as boxo's server opens one for each message: written, half-closed, then the
/// peer's close is awaited. One that is kept takes further messages before, until its time is over
/// or the peer closes its side. Owned by its stream; tells its queue when it is gone.
class AnswerStream final : public libp2p::StreamHandler {
 public:
  AnswerStream(AnswerQueue& queue, base::Bytes frame, std::size_t answers, bool keep);
  ~AnswerStream() override;

  /// From the opening on the deadline runs.
  void opened(libp2p::Stream& stream);
  /// The protocol is agreed on, or known to be.
  void write(libp2p::Stream& stream);
  /// Whether it is kept and a message of `size` bytes can go at once.
  bool takes(std::size_t size) const;
  /// One more message, on one that takes it.
  void send(base::Bytes frame, std::size_t answers);
  /// One that was kept no longer is.
  void close();
  /// The queue is gone, or wants to hear nothing more.
  void detach();

  void on_data(libp2p::Stream& stream, base::ByteView data) override;
  void on_remote_close(libp2p::Stream& stream) override;
  void on_reset(libp2p::Stream& stream, libp2p::StreamCode code) override;

 private:
  void on_deadline();

  AnswerQueue* queue_;
  libp2p::Stream* stream_ = nullptr;
  base::Bytes frame_;
  std::size_t answers_;      // of the frame
  std::size_t carried_ = 0;  // bytes
  bool written_ = false;
  bool kept_;
  base::Timer deadline_;
};

}  // namespace mexport::ipfs
