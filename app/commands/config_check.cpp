// SPDX-License-Identifier: MIT
#include "app/commands/config_check.hpp"

#include "app/config_sources.hpp"
#include "app/output.hpp"
#include "config/bootstrap.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace mexport::app {

namespace {

std::string verdict(const std::filesystem::path& file) {
  std::error_code ignored;  // what cannot be looked at has been complained of before
  if (!std::filesystem::exists(file, ignored)) {
    return fmt::format("{} is not there: the defaults are used\n", file.string());
  }
  return fmt::format("{} is fine\n", file.string());
}

}  // namespace

int config_check(const ConfigCheckOptions& options) {
  const auto sources = sources_of(options.config);
  if (!sources) {
    complain_all(sources.error());
    return kUsage;
  }
  const auto loaded = config::load_config(*sources);
  if (!loaded) {
    complain_all(loaded.error());
    return kUsage;
  }
  complain_all(loaded->notices);
  config::Report report;
  config::peers_to_keep(loaded->config, report);
  complain_all(report.notices);
  return print(verdict(sources->file.value_or(sources->data_dir / "config")));
}

}  // namespace mexport::app
