// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "libp2p/multistream/dialer.hpp"
#include "libp2p/multistream/listener.hpp"
#include "libp2p/protocol_table.hpp"
#include "libp2p/stream.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace mexport::libp2p {

/// Hears how the negotiation of a peer's streams ends, so that the connection can drop the deadline
/// (10 s) that it holds for each. Nothing is heard when the stream is reset from our side: who
/// resets knows.
class InboundNegotiationEvents {
 public:
  virtual ~InboundNegotiationEvents() = default;

  /// `protocol` (valid during the call) was agreed on, its handler is about to be made; or the
  /// error that ends the stream.
  virtual void on_inbound_negotiated(Stream& stream, base::Result<std::string_view> protocol) = 0;
};

/// The handler of a stream that the peer has just opened: speaks multistream-select until a
/// protocol of the table is agreed on, then hands the stream, and bytes that came along, to that
/// protocol's handler and is gone. Failure resets the stream with protocol_negotiation_failed.
class InboundNegotiator final : public StreamHandler {
 public:
  /// Makes `stream` negotiate: installs the handler and sends our header at once. `protocols` and
  /// `events` outlive the stream; `events` may be nullptr.
  static void start(Stream& stream, const ProtocolTable& protocols,
                    InboundNegotiationEvents* events);

  InboundNegotiator(const ProtocolTable& protocols, InboundNegotiationEvents* events)
      : protocols_(protocols), events_(events) {}

  void on_data(Stream& stream, base::ByteView data) override;
  void on_remote_close(Stream& stream) override;
  void on_reset(Stream& stream, StreamCode code) override;

 private:
  void finish(Stream& stream, std::string_view protocol, base::ByteView rest);
  void fail(Stream& stream, std::error_code error);

  const ProtocolTable& protocols_;
  InboundNegotiationEvents* events_;
  multistream::Listener listener_;
};

/// The handler of a stream that we have just opened, until the peer has agreed to a protocol. Then
/// `next` takes the stream and bytes that came along. Failure resets the stream with
/// protocol_negotiation_failed and destroys `next` (never nullptr) unused, but for what the lazy
/// form lets it write before: it hears that this has drained.
class OutboundNegotiator final : public StreamHandler {
 public:
  /// Called at most once, with the protocol (one of the proposals) or why there is none: an error
  /// of multistream, or StreamError::negotiation_failed when the peer closed or reset the stream.
  /// `next` is already the stream's handler then, and hears of no data before the call returns; the
  /// call may write to the stream or reset it, but not replace the handler. Not called when we
  /// reset the stream ourselves.
  using Callback = std::function<void(Stream& stream, base::Result<std::string_view> protocol)>;

  /// Makes `stream` negotiate: installs the handler and sends header and first proposal. In the
  /// lazy form the caller may write the protocol's first bytes as soon as this returns, else it
  /// waits for the callback (which may be empty). `proposals` outlive the stream. Fails when the
  /// stream is closed.
  static base::Status start(Stream& stream, std::span<const std::string_view> proposals,
                            multistream::Form form, std::unique_ptr<StreamHandler> next,
                            Callback on_negotiated);

  OutboundNegotiator(std::span<const std::string_view> proposals, multistream::Form form,
                     std::unique_ptr<StreamHandler> next, Callback on_negotiated);

  void on_data(Stream& stream, base::ByteView data) override;
  void on_remote_close(Stream& stream) override;
  void on_reset(Stream& stream, StreamCode code) override;
  void on_drained(Stream& stream) override;

 private:
  void finish(Stream& stream, std::string_view protocol, base::ByteView rest);
  void fail(Stream& stream, std::error_code error);

  multistream::Dialer dialer_;
  const bool lazy_;
  std::unique_ptr<StreamHandler> next_;
  Callback on_negotiated_;
};

}  // namespace mexport::libp2p
