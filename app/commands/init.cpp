// SPDX-License-Identifier: MIT
#include "app/commands/init.hpp"

#include "app/config_sources.hpp"
#include "app/output.hpp"

#include <fmt/format.h>

namespace mexport::app {

int init(const InitOptions& options) {
  const auto data_dir = data_dir_of(options.data_dir);
  if (!data_dir) {
    complain_all(data_dir.error());
    return kUsage;
  }
  const auto initialised = config::initialise(*data_dir, options.kubo_repo);
  if (!initialised) {
    complain_all(initialised.error());
    return kUsage;
  }
  complain_all(initialised->notices);
  const auto peer = initialised->config.identity->peer_id.to_string();
  return print(fmt::format("initialised {} for peer {}\n", data_dir->string(), peer));
}

}  // namespace mexport::app
