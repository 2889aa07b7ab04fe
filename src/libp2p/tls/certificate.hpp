// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signature_scheme.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace mexport::libp2p::tls {

/// Honest ones have 0.5 KiB, those with the largest RSA keys less than 5. Checked before parsing.
inline constexpr std::size_t kMaxCertificateSize = 8192;
inline constexpr std::size_t kMaxExtensions = 32;

/// libp2p's extension, 1.3.6.1.4.1.53594.1.1, as contents of an OBJECT IDENTIFIER.
inline constexpr std::array<std::uint8_t, 10> kIdentityExtension{0x2b, 0x06, 0x01, 0x04, 0x01,
                                                                 0x83, 0xa2, 0x5a, 0x01, 0x01};

/// What libp2p needs of an X.509 certificate (RFC 5280; libp2p specs: tls/tls.md). Views of the DER
/// that was parsed. Nothing has been verified yet.
struct Certificate {
  base::ByteView signed_part;  ///< TBSCertificate
  base::ByteView key_info;     ///< SubjectPublicKeyInfo
  crypto::SignatureScheme scheme{};
  base::ByteView signature;
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;

  std::size_t identity_extensions = 0;  ///< how many there are; one in an honest certificate
  base::ByteView identity;              ///< the contents of the last one: a SignedKey
  bool unknown_critical = false;        ///< has an extension that must not be ignored
};

/// Parses a certificate; errors: certificate_too_large, bad_certificate.
base::Result<Certificate> parse_certificate(base::ByteView der);

/// SignedKey: SEQUENCE { publicKey OCTET STRING, signature OCTET STRING }.
struct SignedKey {
  base::ByteView public_key;  ///< the key protobuf
  base::ByteView signature;   ///< over signed_text()
};

/// bad_identity when it is none.
base::Result<SignedKey> parse_signed_key(base::ByteView der);
base::Bytes encode_signed_key(const SignedKey& key);

/// What an identity key signs to vouch for a certificate's key.
base::Bytes signed_text(base::ByteView key_info);

}  // namespace mexport::libp2p::tls
