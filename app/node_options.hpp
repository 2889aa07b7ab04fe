// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/report.hpp"
#include "node/node_options.hpp"

#include "storage/block_files.hpp"

namespace mexport::app {

/// The effective configuration as the options of what only a node has.
node::NodeOptions node_options(const config::Config& config, config::Report& report);
storage::BlockFiles block_files(const config::Config& config);

}  // namespace mexport::app
