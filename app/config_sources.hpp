// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "config/prepare.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>

namespace mexport::app {

/// `--data-dir`, else the environment's.
std::expected<std::filesystem::path, config::Failures> data_dir_of(
    const std::optional<std::string>& option);

std::expected<config::Sources, config::Failures> sources_of(const ConfigOptions& options);

/// What `run` would use, with the data directory's identity where the file has none. Makes nothing.
std::expected<config::EffectiveConfig, config::Failures> effective_config(
    const ConfigOptions& options);

/// One line each on stderr.
void complain_all(const config::Failures& failures);
void complain_all(const std::vector<config::Notice>& notices);

}  // namespace mexport::app
