// SPDX-License-Identifier: MIT
#include "libp2p/tls/context.hpp"

#include "crypto/error.hpp"
#include "libp2p/tls/certificate.hpp"
#include "libp2p/tls/own_certificate.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mexport::libp2p::tls {
namespace {

/// In ALPN beside the muxers: the muxer is to be negotiated afterwards.
constexpr std::string_view kNoMuxer = "libp2p";

/// What our record layer speaks; the first costs least on a machine that has many keys in use.
constexpr const char* kCipherSuites = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* kGroups = "X25519:P-256";
constexpr const char* kSignatures =
    "ECDSA+SHA256:ed25519:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";
/// Our messages are small; the library keeps a buffer of this size while a handshake lasts.
constexpr long kMaxFragment = 4096;

int read_io(BIO* bio, char* to, int size) noexcept {
  auto& io = *static_cast<Context::Io*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  if (io.in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto taken = std::min(io.in.size(), static_cast<std::size_t>(size));
  std::copy_n(io.in.begin(), taken, to);
  io.in = io.in.subspan(taken);
  return static_cast<int>(taken);
}

int write_io(BIO* bio, const char* from, int size) noexcept {
  auto& io = *static_cast<Context::Io*>(BIO_get_data(bio));
  if (size > 0) base::append(*io.out, base::as_bytes({from, static_cast<std::size_t>(size)}));
  return size;
}

long control_io(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int create_io(BIO* bio) noexcept {
  BIO_set_init(bio, 1);
  return 1;
}

BioMethodPtr make_bio_method() {
  BioMethodPtr method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "mexport"));
  if (!method || BIO_meth_set_read(method.get(), read_io) != 1 ||
      BIO_meth_set_write(method.get(), write_io) != 1 ||
      BIO_meth_set_ctrl(method.get(), control_io) != 1 ||
      BIO_meth_set_create(method.get(), create_io) != 1) {
    return nullptr;
  }
  return method;
}

Context::Events& events_of(const SSL* session) {
  return *static_cast<Context::Events*>(SSL_get_app_data(session));
}

base::Bytes der_of(X509* certificate) {
  unsigned char* encoded = nullptr;
  const auto size = i2d_X509(certificate, &encoded);
  if (size <= 0) return {};
  base::Bytes bytes(encoded, encoded + size);
  OPENSSL_free(encoded);
  return bytes;
}

/// Instead of the library's own verification.
int verify_chain(X509_STORE_CTX* store, void*) noexcept {
  auto* session =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* chain = X509_STORE_CTX_get0_untrusted(store);
  // One more than allowed is enough to know.
  std::vector<base::Bytes> certificates;
  for (int i = 0; i < std::min(sk_X509_num(chain), 2); ++i) {
    certificates.push_back(der_of(sk_X509_value(chain, i)));
  }
  const std::vector<base::ByteView> views(certificates.begin(), certificates.end());
  const bool good = events_of(session).on_certificates(views);
  X509_STORE_CTX_set_error(store, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return good ? 1 : 0;
}

void log_key(const SSL* session, const char* line) noexcept {
  events_of(session).on_secret(line);
}

/// The first of the client's list that we have too. None is no error: multistream chooses then.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size,
                    void* context) noexcept {
  const auto& muxers = *static_cast<const std::vector<std::string>*>(context);
  base::ByteView rest(offered, offered_size);
  while (!rest.empty() && rest.size() > rest[0]) {
    const auto name = rest.subspan(1, rest[0]);
    const auto text = base::as_text(name);
    if (text == kNoMuxer || std::ranges::find(muxers, text) != muxers.end()) {
      *chosen = name.data();
      *chosen_size = static_cast<unsigned char>(name.size());
      return SSL_TLSEXT_ERR_OK;
    }
    rest = rest.subspan(1 + name.size());
  }
  return SSL_TLSEXT_ERR_NOACK;
}

base::Bytes protocol_list(std::span<const std::string> muxers) {
  base::Bytes list;
  const auto add = [&](std::string_view name) {
    list.push_back(static_cast<std::uint8_t>(name.size()));
    base::append(list, base::as_bytes(name));
  };
  for (const auto& muxer : muxers) add(muxer);
  add(kNoMuxer);
  return list;
}

bool restrict_protocol(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  SSL_CTX_clear_options(context, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 0);
  SSL_CTX_set_max_cert_list(context, static_cast<long>(kMaxCertificateSize));
  // What keys and signatures may be used is told below and by the verification, whatever the
  // machine's own settings are.
  SSL_CTX_set_security_level(context, 1);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set_max_send_fragment(context, kMaxFragment) == 1 &&
         SSL_CTX_set_ciphersuites(context, kCipherSuites) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
         SSL_CTX_set1_sigalgs_list(context, kSignatures) == 1;
}

bool set_certificate(SSL_CTX* context, const OwnCertificate& own) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_chain, nullptr);
  SSL_CTX_set_keylog_callback(context, log_key);
  return SSL_CTX_use_certificate(context, own.certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, own.key.get()) == 1;
}

}  // namespace

struct Context::State {
  const base::Clock* clock;
  std::vector<std::string> muxers;
  BioMethodPtr bio_method;
  ContextPtr context;  // before the method's end
};

Context::Context(std::unique_ptr<State> state) : state_(std::move(state)) {}
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

base::Result<Context> Context::create(const PeerIdentity& identity, const base::Clock& clock,
                                      std::vector<std::string> muxers) {
  const auto own = make_certificate(identity, clock.wall_now());
  if (!own) return base::fail(own.error());
  auto state = std::make_unique<State>(State{.clock = &clock,
                                             .muxers = std::move(muxers),
                                             .bio_method = make_bio_method(),
                                             .context = ContextPtr(SSL_CTX_new(TLS_method()))});
  SSL_CTX* context = state->context.get();
  const auto protocols = protocol_list(state->muxers);
  // Unlike its siblings, the last call says 0 when all is well.
  if (!state->bio_method || context == nullptr || !restrict_protocol(context) ||
      !set_certificate(context, *own) ||
      SSL_CTX_set_alpn_protos(context, protocols.data(), static_cast<unsigned>(protocols.size())) !=
          0) {
    ERR_clear_error();
    return base::fail(crypto::Error::signing_failed);
  }
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, &state->muxers);
  return Context(std::move(state));
}

const base::Clock& Context::clock() const {
  return *state_->clock;
}

std::span<const std::string> Context::muxers() const {
  return state_->muxers;
}

std::string_view Context::muxer_called(std::string_view alpn) const {
  const auto found = std::ranges::find(state_->muxers, alpn);
  return found == state_->muxers.end() ? std::string_view() : std::string_view(*found);
}

SessionPtr Context::new_session(Io& io) const {
  SessionPtr session(SSL_new(state_->context.get()));
  BIO* bio = BIO_new(state_->bio_method.get());
  if (!session || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_data(bio, &io);
  SSL_set_bio(session.get(), bio, bio);
  return session;
}

}  // namespace mexport::libp2p::tls
