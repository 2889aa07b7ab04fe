// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>

namespace mexport::libp2p::tls {

/// What ends a handshake or a channel, beside the errors of `crypto` (decryption_failed). What they
/// mean to others: libp2p/security_fault.hpp.
enum class Error : std::uint8_t {
  bad_record = 1,         ///< not a TLS record, or none that may stand here
  record_too_large,       ///< more than a record may hold
  handshake_too_large,    ///< more than kMaxHandshakeBytes
  handshake_failed,       ///< a message that is malformed, or nothing in common with the peer
  alert,                  ///< the peer has seen an error
  closed,                 ///< the peer's close_notify
  unexpected_message,     ///< a handshake message that may not come after the handshake
  useless_records,        ///< more than kMaxUselessRecords in a row
  certificate_count,      ///< none, or more than one
  certificate_too_large,  ///< more than kMaxCertificateSize
  bad_certificate,        ///< not the DER of an X.509 certificate
  not_valid_now,          ///< before or after its time
  bad_self_signature,     ///< not signed by its own key
  no_identity,            ///< without libp2p's extension, or with more than one
  critical_extension,     ///< an unknown extension that must not be ignored
  bad_identity,           ///< the extension does not hold a key and a signature
  bad_signature,          ///< the identity key has not signed the certificate's key
  peer_mismatch,          ///< another peer than the expected one
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::libp2p::tls

template <>
struct std::is_error_code_enum<mexport::libp2p::tls::Error> : std::true_type {};
