// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/tls/openssl_ptr.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p::tls {

/// The other side of a handshake by OpenSSL alone, from its first to its last byte, as it may be
/// set up by anybody. Verifies nothing.
class OpenSslPeer {
 public:
  struct Options {
    const MadeCertificate* certificate = nullptr;
    std::vector<std::string> alpn{"/yamux/1.0.0", "libp2p"};
    int max_version = TLS1_3_VERSION;
    std::string cipher_suites = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
    std::string groups = "X25519:P-256";
    bool chain_of_two = false;
  };

  OpenSslPeer(Direction direction, const Options& options)
      : context_(SSL_CTX_new(TLS_method())), alpn_(options.alpn) {
    SSL_CTX* context = context_.get();
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, options.max_version);
    SSL_CTX_set_ciphersuites(context, options.cipher_suites.c_str());
    SSL_CTX_set1_groups_list(context, options.groups.c_str());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    if (options.certificate != nullptr) {
      SSL_CTX_use_certificate(context, options.certificate->certificate.get());
      SSL_CTX_use_PrivateKey(context, options.certificate->key.get());
      if (options.chain_of_two) {
        SSL_CTX_add1_chain_cert(context, options.certificate->certificate.get());
      }
    }
    set_alpn(context);
    session_.reset(SSL_new(context));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(session_.get(), in_, out_);
    if (direction == Direction::outbound) {
      SSL_set_connect_state(session_.get());
    } else {
      SSL_set_accept_state(session_.get());
    }
  }

  /// Goes on with the handshake; false when it has failed.
  bool shake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(session_.get());
    return result == 1 || SSL_get_error(session_.get(), result) == SSL_ERROR_WANT_READ;
  }
  bool done() const { return SSL_is_init_finished(session_.get()) == 1; }

  void take_in(base::ByteView bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
  }
  base::Bytes take_out() {
    base::Bytes bytes(BIO_ctrl_pending(out_));
    if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }

  base::Bytes written(std::string_view text) {
    SSL_write(session_.get(), text.data(), static_cast<int>(text.size()));
    return take_out();
  }
  /// What it makes of the bytes; nullopt when it ends the connection.
  std::optional<std::string> read(base::ByteView bytes) {
    take_in(bytes);
    std::string all;
    std::array<char, 20'000> some;
    ERR_clear_error();
    int size = 0;
    while ((size = SSL_read(session_.get(), some.data(), some.size())) > 0) {
      all.append(some.data(), static_cast<std::size_t>(size));
    }
    if (SSL_get_error(session_.get(), size) != SSL_ERROR_WANT_READ) return std::nullopt;
    return all;
  }
  SSL* session() { return session_.get(); }
  std::string chosen_protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(session_.get(), &name, &size);
    return std::string(base::as_text({name, size}));
  }

 private:
  void set_alpn(SSL_CTX* context) {
    base::Bytes list;
    for (const auto& name : alpn_) {
      list.push_back(static_cast<std::uint8_t>(name.size()));
      base::append(list, base::as_bytes(name));
    }
    if (list.empty()) return;
    SSL_CTX_set_alpn_protos(context, list.data(), static_cast<unsigned>(list.size()));
    SSL_CTX_set_alpn_select_cb(
        context,
        [](SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
           unsigned in_size, void* self) {
          const base::Bytes& ours = static_cast<OpenSslPeer*>(self)->list_;
          return SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, ours.data(),
                                       static_cast<unsigned>(ours.size()), in,
                                       in_size) == OPENSSL_NPN_NEGOTIATED
                     ? SSL_TLSEXT_ERR_OK
                     : SSL_TLSEXT_ERR_NOACK;
        },
        this);
    list_ = std::move(list);
  }

  ContextPtr context_;
  std::vector<std::string> alpn_;
  base::Bytes list_;
  SessionPtr session_;
  BIO* in_ = nullptr;   // the session's
  BIO* out_ = nullptr;  // the session's
};

}  // namespace mexport::libp2p::tls
