// SPDX-License-Identifier: MIT
#include "app/commands/config_show.hpp"

#include "app/config_sources.hpp"
#include "app/output.hpp"
#include "config/render_config.hpp"

namespace mexport::app {

int config_show(const ConfigShowOptions& options) {
  const auto effective = effective_config(options.config);
  if (!effective) {
    complain_all(effective.error());
    return kUsage;
  }
  return print(config::render_config(effective->config));
}

}  // namespace mexport::app
