// SPDX-License-Identifier: MIT
#include "app/commands/id.hpp"

#include "app/config_sources.hpp"
#include "app/output.hpp"

namespace mexport::app {

int id(const IdOptions& options) {
  const auto effective = effective_config(options.config);
  if (!effective) {
    complain_all(effective.error());
    return kUsage;
  }
  const auto& identity = effective->config.identity;
  if (!identity) {
    complain("there is no identity yet: `mexport init` or the first `mexport run` makes one");
    return kUsage;
  }
  return print(identity->peer_id.to_string() + "\n");
}

}  // namespace mexport::app
