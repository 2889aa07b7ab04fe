// SPDX-License-Identifier: MIT
#pragma once

#include "config/data_dir.hpp"
#include "config/document.hpp"
#include "config/setup_error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mexport::config {

/// A new Ed25519 identity.
Setup<Identity> make_identity();

/// From kubo's form of the private key: base64 of its protobuf. nullopt when it is no such key.
std::optional<Identity> identity_from_base64(std::string_view private_key);
/// Kubo's form. The caller keeps it out of logs.
std::string private_key_base64(const Identity& identity);

/// The data directory's identity. On first use one is made and written to `<dir>/config`, beside
/// what that file says already.
Setup<Identity> ensure_identity(const DataDir& dir);

}  // namespace mexport::config
