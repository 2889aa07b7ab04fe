// SPDX-License-Identifier: MIT
#include "config/identity.hpp"

#include "config/parse_config.hpp"
#include "config/render_config.hpp"
#include "crypto/base64.hpp"
#include "crypto/secret.hpp"
#include "wire/peer_id.hpp"

#include <utility>

namespace mexport::config {
namespace {

Identity make(crypto::PrivateKey key) {
  auto shared = std::make_shared<const crypto::PrivateKey>(std::move(key));
  return {wire::peer_id_of(shared->public_key()), std::move(shared)};
}

/// What the file holds already; a document with errors cannot be trusted with a new identity.
Setup<std::optional<Identity>> identity_of(const DataDir& dir, std::string_view document) {
  auto parsed = parse_config(document);
  if (parsed.config.identity) return std::move(parsed.config.identity);
  if (parsed.report.good()) return std::optional<Identity>();
  return std::unexpected(
      SetupError{dir.config_path().string() + ": " + to_string(parsed.report.errors.front())});
}

}  // namespace

Setup<Identity> make_identity() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  if (!key) return std::unexpected(SetupError{"no identity key: " + key.error().message()});
  return make(std::move(*key));
}

std::optional<Identity> identity_from_base64(std::string_view private_key) {
  auto protobuf = crypto::decode_base64(private_key);
  if (!protobuf) return std::nullopt;
  auto key = crypto::PrivateKey::from_protobuf(*protobuf);
  crypto::wipe(*protobuf);
  if (!key) return std::nullopt;
  return make(std::move(*key));
}

std::string private_key_base64(const Identity& identity) {
  auto protobuf = identity.key->to_protobuf();
  auto text = crypto::encode_base64(protobuf);
  crypto::wipe(protobuf);
  return text;
}

Setup<Identity> ensure_identity(const DataDir& dir) {
  const auto read = dir.read_config();
  if (!read) return std::unexpected(read.error());
  const std::optional<std::string>& document = *read;
  if (document) {
    auto found = identity_of(dir, *document);
    if (!found) return std::unexpected(found.error());
    std::optional<Identity> present = std::move(*found);
    if (present) return std::move(*present);
  }
  auto identity = make_identity();
  if (!identity) return identity;
  const auto written = dir.write_config(document ? with_identity(*document, *identity)
                                                 : render_initial_config(*identity));
  if (!written) return std::unexpected(written.error());
  return identity;
}

}  // namespace mexport::config
