// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"

#include <string>
#include <string_view>

namespace mexport::config {

/// What stands in place of a secret.
inline constexpr std::string_view kHidden = "(hidden)";

/// The effective document as indented JSON, the private key and the broker's password hidden.
std::string render_config(const Config& config);

/// The document of a first run: the identity with its key, the addresses and the bootstrap list.
std::string render_initial_config(const Identity& identity);

/// A document with this identity put in; all else of it stays. Pre-condition: it parses.
std::string with_identity(std::string_view document, const Identity& identity);

/// `amqp://user:(hidden)@host` for an address with a password; others unchanged. Of several, each
/// in its full form.
std::string hide_password(std::string_view address);

/// `Traces.MaxAge` and `Traces.MaxBytes` as they are written: "90d", "80%", "off".
std::string max_age_text(const Traces& traces);
std::string max_bytes_text(const Traces& traces);

/// SHA-256 of render_config() in hex: tells whether two runs had the same configuration.
std::string config_hash(const Config& config);

}  // namespace mexport::config
