// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport id`: prints the peer id that `run` would have.
int id(const IdOptions& options);

}  // namespace mexport::app
