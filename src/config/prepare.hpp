// SPDX-License-Identifier: MIT
#pragma once

#include "config/data_dir.hpp"
#include "config/document.hpp"
#include "config/overrides.hpp"
#include "config/report.hpp"
#include "monitor/peer_names.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mexport::config {

/// Where a configuration comes from.
struct Sources {
  std::filesystem::path data_dir;
  std::optional<std::filesystem::path> file;  ///< --config; else <data-dir>/config, if there
  Overrides overrides;
  std::string host_name;
  /// Of a process whose host is not ours: its section of the document alone, in place of a file
  /// (JSON, empty for none). No identity is made then.
  std::optional<std::string> section{};
};

/// One line per thing that is wrong.
using Failures = std::vector<std::string>;

struct EffectiveConfig {
  Config config;
  std::vector<Notice> notices;
};

/// Reads, overrides and completes the configuration; makes and locks nothing. The identity may
/// be missing: before the first run, and with a file that has none it is the data directory's.
std::expected<EffectiveConfig, Failures> load_config(const Sources& sources);

/// load_config, then opens and locks the data directory, and makes identity, key and token on first
/// use: all that `run` needs before it opens sockets. Errors in the configuration leave no
/// directory behind.
struct Prepared {
  DataDir dir;
  Config config;  ///< with identity, but for that of another host
  std::vector<Notice> notices;
  std::optional<monitor::PeerKey> peer_key;  ///< when peer ids are to be keyed
  std::string api_token{};                   ///< when the API is served
};
std::expected<Prepared, Failures> prepare(const Sources& sources);

/// `init`: makes the data directory with a new identity, or with what a kubo repo says. Refuses
/// when it has a configuration already.
struct Initialised {
  Config config;  ///< with identity
  std::vector<Notice> notices;
};
std::expected<Initialised, Failures> initialise(
    const std::filesystem::path& data_dir, const std::optional<std::filesystem::path>& kubo_repo);

}  // namespace mexport::config
