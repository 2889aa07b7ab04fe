// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::config {

/// The text as JSON, shortened: how errors show what was found.
std::string quote(std::string_view text);
/// At most 60 bytes, and a sign that there was more.
std::string shorten(std::string text);

/// One thing that is wrong with a configuration.
struct ConfigError {
  std::string path;   ///< the key's, as in "Addresses.Swarm[2]"; or the option's, as in "--listen"
  std::string found;  ///< as JSON, shortened
  std::string allowed;  ///< "integer 0..256"
  std::string file{};   ///< that holds the key; empty for options, and where the path names it
};

/// `Config error: /etc/mexport.json: Mexport.Shards: found "x", allowed: integer 0..256`
std::string to_string(const ConfigError& error);

/// Something to tell the operator that does not stop the node.
struct Notice {
  base::LogLevel level = base::LogLevel::warn;  ///< info or warn
  std::string path;
  std::string message;
};

/// `Peering.Peers[0]: waits for name resolution`
std::string to_string(const Notice& notice);

/// All that came up while a configuration was read: everything at once, not the first alone.
struct Report {
  std::vector<ConfigError> errors;
  std::vector<Notice> notices;

  bool good() const { return errors.empty(); }
  void error(std::string path, std::string found, std::string allowed) {
    errors.push_back(
        {.path = std::move(path), .found = std::move(found), .allowed = std::move(allowed)});
  }
  void warn(std::string path, std::string message) {
    notices.push_back({base::LogLevel::warn, std::move(path), std::move(message)});
  }
  void inform(std::string path, std::string message) {
    notices.push_back({base::LogLevel::info, std::move(path), std::move(message)});
  }
};

}  // namespace mexport::config
