// SPDX-License-Identifier: MIT
#pragma once

#include "config/report.hpp"
#include "config/setup_error.hpp"
#include "monitor/peer_names.hpp"

#include <filesystem>

namespace mexport::config {

/// The key of `Privacy.KeyFile`: kPeerKeySize bytes, made at random (mode 0600) when there is no
/// such file. A file that others may read is used, with a warning.
Setup<monitor::PeerKey> ensure_privacy_key(const std::filesystem::path& path, Report& report);

}  // namespace mexport::config
