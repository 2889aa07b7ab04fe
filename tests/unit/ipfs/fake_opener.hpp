// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/stream_opener.hpp"
#include "libp2p/stream_error.hpp"
#include "tests/unit/libp2p/fake_stream.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::ipfs {

/// A connection whose peer the test plays: streams that were opened wait for its word.
class FakeOpener final : public StreamOpener {
 public:
  struct Opened {
    libp2p::FakeStream stream{libp2p::Direction::outbound};
    std::vector<std::string> proposals;
    libp2p::multistream::Form form;
    std::unique_ptr<libp2p::StreamHandler> next;  // until the protocol is agreed on
    libp2p::OutboundNegotiator::Callback on_negotiated;

    void agree(std::string_view protocol) {
      if (next) stream.set_handler(std::move(next));
      if (on_negotiated) on_negotiated(stream, protocol);
    }
    void refuse() {
      if (on_negotiated) on_negotiated(stream, base::fail(libp2p::StreamError::negotiation_failed));
      next.reset();
    }
  };

  base::Result<libp2p::Stream*> open_stream(libp2p::OpenStreamOptions options) override {
    if (failing) return base::fail(libp2p::StreamError::closed);
    auto& opened = *streams.emplace_back(std::make_unique<Opened>());
    opened.proposals.assign(options.protocols.begin(), options.protocols.end());
    opened.form = options.form;
    opened.stream.pending = unread;
    opened.on_negotiated = std::move(options.on_negotiated);
    if (options.form == libp2p::multistream::Form::lazy) {
      opened.stream.set_handler(std::move(options.handler));
    } else {
      opened.next = std::move(options.handler);
    }
    return &opened.stream;
  }
  bool speaks(std::string_view protocol) const override {
    return spoken.contains(std::string(protocol));
  }

  void hold(std::size_t before, std::size_t now) override { held += now - before; }

  std::size_t held = 0;
  std::vector<std::unique_ptr<Opened>> streams;
  std::set<std::string> spoken;
  bool failing = false;
  std::size_t unread = 0;  // bytes that wait in a new stream, as after any write
};

}  // namespace mexport::ipfs
