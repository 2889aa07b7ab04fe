// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/link.hpp"

#include <optional>
#include <string>

namespace mexport::exporter::amqp {

/// Makes an OpenSSL context (an SSL_CTX) check the broker and show our certificate as the options
/// say: a chain to the CAs, the host's name or IP address, TLS 1.2 or newer. Returns what is wrong.
std::optional<std::string> prepare_tls(void* context, const std::string& host,
                                       const TlsOptions& options);

/// Why TLS failed in this thread since then, for people; empty when it is not to blame.
std::string tls_failure();

}  // namespace mexport::exporter::amqp
