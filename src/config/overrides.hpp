// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/report.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::config {

/// What the command line says; it beats the file.
struct Overrides {
  std::vector<std::string> listen;               ///< --listen: in place of Addresses.Swarm
  std::vector<std::string> peers{};              ///< --peer: beside Peering.Peers; ends in /p2p
  std::optional<std::string> trace_directory{};  ///< --trace-dir
  std::optional<std::string> monitor_name{};     ///< --monitor-name
  std::vector<std::string> api{};                ///< --api: in place of ListenAddresses
  bool no_api = false;                           ///< --no-api
  bool no_limits = false;                        ///< --no-limits
};

void apply_overrides(const Overrides& overrides, Config& config, Report& report);

/// Fills in what depends on the machine: the monitor's name (`host_name` up to its first dot), the
/// directories of traces and spool, the files of keys and tokens. Then reports what this version
/// does not have yet.
void complete(Config& config, std::string_view host_name, const std::filesystem::path& data_dir,
              Report& report);

}  // namespace mexport::config
