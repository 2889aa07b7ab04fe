// SPDX-License-Identifier: MIT
#pragma once

#include "compare/comparison.hpp"

#include <string>

namespace mexport::app {

/// What `mexport compare` prints.
std::string comparison_text(const compare::Report& report);
/// One object; docs/compare.md has its keys.
std::string comparison_json(const compare::Report& report);
/// One figure a row: group, name, figure, value. Without the examples.
std::string comparison_csv(const compare::Report& report);

}  // namespace mexport::app
