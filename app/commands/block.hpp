// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport block …`: each works on the files of the block store, with or without a node that runs.
int block_put(const BlockPutOptions& options);
int block_get(const BlockGetOptions& options);
int block_remove(const BlockRemoveOptions& options);
int block_list(const BlockListOptions& options);

}  // namespace mexport::app
