// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/tls/openssl_ptr.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p::tls {

/// What a node's TLS handshakes share: its certificate, made once, and the library's settings: TLS
/// 1.3 alone, certificates from both sides, neither tickets nor resumption, X25519 before P-256,
/// the cipher suites of our record layer, ALPN. Thread-safe once made; outlives its handshakes and
/// their results.
class Context {
 public:
  /// `muxers`: what we offer within the handshake, preferred first. `clock` outlives the context.
  /// Fails only when the library does.
  static base::Result<Context> create(const PeerIdentity& identity, const base::Clock& clock,
                                      std::vector<std::string> muxers = {"/yamux/1.0.0"});
  Context(Context&&) noexcept;
  Context& operator=(Context&&) noexcept;
  ~Context();

  const base::Clock& clock() const;
  std::span<const std::string> muxers() const;
  /// Our name for what ALPN has chosen; empty when that is no muxer.
  std::string_view muxer_called(std::string_view alpn) const;

  /// A new session that reads and writes through `io`; null when memory is out.
  struct Io {
    base::ByteView in;           ///< what the peer has sent, as far as it has not been read
    base::Bytes* out = nullptr;  ///< what is to be sent is appended here
  };
  SessionPtr new_session(Io& io) const;

  /// What a session's callbacks tell of; set by SSL_set_app_data().
  class Events {
   public:
    /// Whether the peer is who it should be; `certificates` are DER.
    virtual bool on_certificates(std::span<const base::ByteView> certificates) = 0;
    /// A line of the key log (draft-ietf-tls-keylogfile): label, client random, secret.
    virtual void on_secret(std::string_view line) = 0;

   protected:
    ~Events() = default;
  };

 private:
  struct State;
  explicit Context(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace mexport::libp2p::tls
