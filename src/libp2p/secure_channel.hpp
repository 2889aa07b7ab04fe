// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace mexport::libp2p {

/// Takes what a secure channel has decrypted.
class PlaintextSink {
 public:
  /// Bytes in order, never none; the view ends with the call. An error ends the channel's
  /// receive(), which returns it.
  virtual base::Status on_plaintext(base::ByteView plaintext) = 0;

 protected:
  ~PlaintextSink() = default;
};

/// A connection's security once its handshake is done; Noise or TLS. I/O-free, belongs
/// to its connection's shard.
class SecureChannel {
 public:
  virtual ~SecureChannel() = default;

  /// Bytes of the peer, of any fragmentation. What is complete is decrypted in place and passed
  /// on; what is not, is kept until the rest has come. An error (of the channel or of the sink) is
  /// final: the connection must end. The sink must not destroy the channel.
  virtual base::Status receive(base::MutableByteView ciphertext, PlaintextSink& sink) = 0;

  /// Appends the encrypted form of `plaintext` to `out`. The two must not overlap.
  virtual void send(base::ByteView plaintext, base::Bytes& out) = 0;

  /// Appends what tells the peer that nothing more comes, if the protocol has such a thing. The
  /// last call but the destructor.
  virtual void close(base::Bytes& /*out*/) {}

  /// Received bytes that wait for the rest of their message.
  virtual std::size_t buffered() const = 0;

  /// The protocol id, "/noise" or "/tls/1.0.0"; static storage.
  virtual std::string_view protocol() const = 0;
};

/// What a handshake leaves behind.
struct SecuredConnection {
  multiformats::PeerId peer;
  crypto::PublicKey key;
  std::unique_ptr<SecureChannel> channel;
  /// The muxer that was agreed on within the handshake; empty when multistream has to choose. A
  /// view of our own list, valid as long as the node's identity for this protocol.
  std::string_view early_muxer;
};

/// The way to a SecureChannel. I/O-free, belongs to its connection's shard; to be destroyed when
/// it is done.
class SecurityHandshake {
 public:
  virtual ~SecurityHandshake() = default;

  /// Appends what this side sends first, maybe nothing. Called once, before all else.
  virtual base::Status start(base::Bytes& out) = 0;

  /// Bytes of the peer, of any fragmentation; appends to `out` what is to be sent. Tells how many
  /// bytes it has taken: all, unless it is now done() and the rest is the channel's. An error is
  /// final; what stands in `out` may still be sent.
  virtual base::Result<std::size_t> receive(base::ByteView in, base::Bytes& out) = 0;

  virtual bool done() const = 0;
  /// Once, after done().
  virtual SecuredConnection take_result() = 0;
};

}  // namespace mexport::libp2p
