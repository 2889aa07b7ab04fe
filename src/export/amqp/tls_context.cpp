// SPDX-License-Identifier: MIT
#include "export/amqp/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace mexport::exporter::amqp {
namespace {

/// OpenSSL's last error, for people; clears those that wait.
std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

/// OpenSSL asks at the terminal otherwise.
int no_pass_phrase(char*, int, int, void*) {
  return 0;
}

/// OpenSSL itself only says that verification failed: this puts the reason before that.
int note_refusal(int accepted, X509_STORE_CTX* chain) {
  if (accepted == 0) {
    const auto error = X509_STORE_CTX_get_error(chain);
    ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "%s", X509_verify_cert_error_string(error));
  }
  return accepted;
}

bool set_host(SSL_CTX* context, const std::string& host) {
  auto* expected = SSL_CTX_get0_param(context);
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return true;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1;
}

}  // namespace

std::optional<std::string> prepare_tls(void* context, const std::string& host,
                                       const TlsOptions& options) {
  auto* tls = static_cast<SSL_CTX*>(context);
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  SSL_CTX_set_default_passwd_cb(tls, no_pass_phrase);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, note_refusal);
  const bool trusted = options.ca_file.empty() ? SSL_CTX_set_default_verify_paths(tls) == 1
                                               : SSL_CTX_load_verify_locations(
                                                     tls, options.ca_file.c_str(), nullptr) == 1;
  if (!trusted) return "cannot read the CA file " + options.ca_file + ": " + last_error();
  if (options.verify_host && !set_host(tls, host)) return "cannot check the name " + host;
  if (options.certificate_file.empty()) return std::nullopt;
  if (SSL_CTX_use_certificate_chain_file(tls, options.certificate_file.c_str()) != 1) {
    return "cannot read the certificate " + options.certificate_file + ": " + last_error();
  }
  if (SSL_CTX_use_PrivateKey_file(tls, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return "cannot use the key " + options.key_file + ": " + last_error();
  }
  return std::nullopt;
}

std::string tls_failure() {
  std::string text;
  const char* data = nullptr;
  int flags = 0;
  while (const auto code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    if (ERR_GET_LIB(code) == ERR_LIB_USER && (flags & ERR_TXT_STRING) != 0) {
      text = data;
      ERR_clear_error();
      return text;
    }
    if (const auto* reason = ERR_reason_error_string(code)) text = reason;
  }
  return text;
}

}  // namespace mexport::exporter::amqp
