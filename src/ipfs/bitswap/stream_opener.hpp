// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "libp2p/stream.hpp"

#include <cstddef>
#include <string_view>

namespace mexport::ipfs {

/// What Bitswap needs of a connection to write to its peer.
class StreamOpener {
 public:
  virtual ~StreamOpener() = default;
  /// As libp2p::Connection::open_stream().
  virtual base::Result<libp2p::Stream*> open_stream(libp2p::OpenStreamOptions options) = 0;
  /// As libp2p::Connection::speaks().
  virtual bool speaks(std::string_view protocol) const = 0;
  /// As libp2p::ByteAccount::change() of the connection.
  virtual void hold(std::size_t before, std::size_t now) = 0;
};

/// A connection as a StreamOpener; valid as long as it is.
class ConnectionStreams final : public StreamOpener {
 public:
  explicit ConnectionStreams(libp2p::Connection& connection) : connection_(connection) {}
  base::Result<libp2p::Stream*> open_stream(libp2p::OpenStreamOptions options) override {
    return connection_.open_stream(std::move(options));
  }
  bool speaks(std::string_view protocol) const override { return connection_.speaks(protocol); }
  void hold(std::size_t before, std::size_t now) override {
    connection_.bytes().change(before, now);
  }

 private:
  libp2p::Connection& connection_;
};

}  // namespace mexport::ipfs
