// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport version`
int show_version(const VersionOptions& options);

}  // namespace mexport::app
