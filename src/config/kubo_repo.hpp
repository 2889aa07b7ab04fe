// SPDX-License-Identifier: MIT
#pragma once

#include "config/report.hpp"
#include "config/setup_error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mexport::config {

/// What `init --from-kubo` takes over.
struct KuboDocument {
  std::string json;  ///< Identity, Addresses, Swarm.AddrFilters, Bootstrap, Peering, our plugin
  std::vector<Notice> notices;
};

/// Reads `<repo>/config`. Fails when there is none, when it has errors in the parts we take, or
/// while a daemon holds `<repo>/repo.lock`: two nodes of one identity would confuse their peers.
Setup<KuboDocument> read_kubo_repo(const std::filesystem::path& repo);

}  // namespace mexport::config
