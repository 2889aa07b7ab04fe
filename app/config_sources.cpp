// SPDX-License-Identifier: MIT
#include "app/config_sources.hpp"

#include "app/output.hpp"
#include "config/data_dir.hpp"
#include "config/monitor_name.hpp"

#include <cstdlib>
#include <utility>

namespace mexport::app {

std::expected<std::filesystem::path, config::Failures> data_dir_of(
    const std::optional<std::string>& option) {
  if (option) return *option;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  auto path = config::default_data_dir(std::getenv("MEXPORT_PATH"), std::getenv("HOME"));
  if (!path) return std::unexpected(config::Failures{path.error().message});
  return std::move(*path);
}

std::expected<config::Sources, config::Failures> sources_of(const ConfigOptions& options) {
  auto data_dir = data_dir_of(options.data_dir);
  if (!data_dir) return std::unexpected(std::move(data_dir.error()));
  return config::Sources{
      .data_dir = std::move(*data_dir),
      .file = options.config_file,
      .overrides = {.listen = options.listen,
                    .peers = options.peers,
                    .trace_directory = options.trace_dir,
                    .monitor_name = options.monitor_name,
                    .api = options.api,
                    .no_api = options.no_api,
                    .no_limits = options.no_limits},
      .host_name = config::host_name(),
  };
}

std::expected<config::EffectiveConfig, config::Failures> effective_config(
    const ConfigOptions& options) {
  auto sources = sources_of(options);
  if (!sources) return std::unexpected(std::move(sources.error()));
  auto effective = config::load_config(*sources);
  if (!effective || effective->config.identity || !sources->file) return effective;
  sources->file.reset();
  auto own = config::load_config(*sources);
  if (!own) return own;
  effective->config.identity = std::move(own->config.identity);
  return effective;
}

void complain_all(const config::Failures& failures) {
  for (const auto& line : failures) complain(line);
}

void complain_all(const std::vector<config::Notice>& notices) {
  for (const auto& notice : notices) complain(config::to_string(notice));
}

}  // namespace mexport::app
