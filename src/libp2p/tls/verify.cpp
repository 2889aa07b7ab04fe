// SPDX-License-Identifier: MIT
#include "libp2p/tls/verify.hpp"

#include "crypto/signature_scheme.hpp"
#include "libp2p/tls/certificate.hpp"
#include "libp2p/tls/error.hpp"
#include "wire/peer_id.hpp"

#include <chrono>
#include <utility>

namespace mexport::libp2p::tls {
namespace {

base::Status check_form(const Certificate& certificate, base::WallTime now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second < certificate.not_before || second > certificate.not_after) {
    return base::fail(Error::not_valid_now);
  }
  if (!crypto::verify_by_key_info(certificate.key_info, certificate.scheme, certificate.signed_part,
                                  certificate.signature)) {
    return base::fail(Error::bad_self_signature);
  }
  if (certificate.identity_extensions != 1) return base::fail(Error::no_identity);
  if (certificate.unknown_critical) return base::fail(Error::critical_extension);
  return {};
}

base::Result<crypto::PublicKey> identity_of(const Certificate& certificate) {
  const auto signed_key = parse_signed_key(certificate.identity);
  if (!signed_key) return base::fail(signed_key.error());
  auto key = crypto::PublicKey::from_protobuf(signed_key->public_key);
  if (!key) return base::fail(Error::bad_identity);
  if (!key->verify(signed_text(certificate.key_info), signed_key->signature)) {
    return base::fail(Error::bad_signature);
  }
  return key;
}

}  // namespace

base::Result<VerifiedPeer> verify_peer(std::span<const base::ByteView> certificates,
                                       base::WallTime now, const multiformats::PeerId& expected) {
  if (certificates.size() != 1) return base::fail(Error::certificate_count);
  const auto certificate = parse_certificate(certificates.front());
  if (!certificate) return base::fail(certificate.error());
  if (const auto good = check_form(*certificate, now); !good) return base::fail(good.error());
  auto key = identity_of(*certificate);
  if (!key) return base::fail(key.error());
  const auto peer = wire::peer_id_of(*key);
  if (!expected.empty() && peer != expected) return base::fail(Error::peer_mismatch);
  return VerifiedPeer{peer, std::move(*key)};
}

}  // namespace mexport::libp2p::tls
