// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

namespace mexport::config {

/// `BlockStore` of the plugin's section.
void read_block_store(Section section, BlockStore& store, Report& report);

}  // namespace mexport::config
