// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "multiformats/multiaddr.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <system_error>

/// The seam between protocols and the network: drivers over sockets and the simulation implement
/// it, nothing above it knows an executor.
namespace mexport::libp2p {

/// Hears what comes in on a raw connection. All calls come on the connection's shard and never from
/// within a call to the connection.
class RawConnectionHandler {
 public:
  virtual ~RawConnectionHandler() = default;

  /// Bytes of the peer. They lie in the shard's scratch buffer, where the handler may change them
  /// (decryption is in place), and are gone when the call returns.
  virtual void on_bytes(base::MutableByteView bytes) = 0;

  /// The last call: the peer closed (no error) or the connection broke. Not called after close() or
  /// abort().
  virtual void on_closed(std::error_code error) = 0;

  /// Everything that had to wait in write() has been sent.
  virtual void on_drained() = 0;
};

/// What one raw connection may hold back for a peer that does not read, unless its shard says
/// otherwise.
inline constexpr std::size_t kMaxPendingWrite = 2 << 20;

/// A pipe of bytes to a peer. Belongs to one shard. Its owner lets go of it at any time outside of
/// the handler's calls, which aborts it.
class RawConnection {
 public:
  /// Begins to read. `handler` must stay valid until close(), abort() or the release of the
  /// connection; it may be replaced by another call, also from within on_bytes().
  virtual void start(RawConnectionHandler& handler) = 0;

  /// Whether bytes of the peer, and its orderly end, are taken. While they are not, both wait in
  /// the network, which slows the peer down; a broken connection is told all the same. A read that
  /// is under way is handed over first. True at the start.
  virtual void set_reading(bool reading) = 0;

  /// Sends what the network takes at once and keeps the rest. A connection that is broken, closed,
  /// or has more bytes waiting than its shard allows drops the bytes and tells on_closed() later.
  virtual void write(base::ByteView bytes) = 0;
  /// Bytes that wait to be sent.
  virtual std::size_t pending_write() const = 0;

  /// Ends the connection after what waits has been sent (for a few seconds at most). The handler
  /// hears nothing more.
  virtual void close() = 0;
  /// Ends the connection at once, without a word to the handler; the peer sees a reset.
  virtual void abort() = 0;

  /// Transport parts only ("/ip4/192.0.2.1/tcp/4001").
  virtual multiformats::Multiaddr local() const = 0;
  virtual multiformats::Multiaddr remote() const = 0;
  /// "tcp"; static storage.
  virtual std::string_view transport() const = 0;

 protected:
  friend struct ReleaseRawConnection;
  virtual ~RawConnection() = default;
  /// The owner lets go; what close() has begun is still finished.
  virtual void release() = 0;
};

struct ReleaseRawConnection {
  void operator()(RawConnection* connection) const { connection->release(); }
};
using RawConnectionPtr = std::unique_ptr<RawConnection, ReleaseRawConnection>;

/// A dial under way; destroying it cancels the dial, whose callback then never runs.
class PendingDial {
 public:
  virtual ~PendingDial() = default;
};

/// Whether an error of the system is that this machine lacks descriptors or memory: it passes, and
/// says nothing of the peer.
inline bool is_local_trouble(std::error_code error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system || error == std::errc::no_buffer_space ||
         error == std::errc::not_enough_memory;
}

/// Opens raw connections from one shard. One object per shard and kind of network.
class Transport {
 public:
  using DialCallback = std::function<void(base::Result<RawConnectionPtr>)>;

  virtual ~Transport() = default;

  /// Whether the address is one of this transport's, in a form that can be dialled.
  virtual bool can_dial(const multiformats::Multiaddr& address) const = 0;

  /// Calls back once, later, unless the dial is destroyed first (which the callback itself may do).
  /// Errors are the system's.
  virtual std::unique_ptr<PendingDial> dial(const multiformats::Multiaddr& address,
                                            DialCallback callback) = 0;
};

/// An open listener; destroying it stops it.
class Listener {
 public:
  virtual ~Listener() = default;
  /// As bound, with the real port ("/ip4/0.0.0.0/tcp/4001").
  virtual const multiformats::Multiaddr& local() const = 0;
};

}  // namespace mexport::libp2p
