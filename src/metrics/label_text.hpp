// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::metrics {

/// Bytes of a label's value that a peer has chosen; the rest is cut off.
inline constexpr std::size_t kMaxLabelBytes = 256;

/// What a peer sent, fit to be a label's value: UTF-8 of at most kMaxLabelBytes, with "?" for each
/// byte that is not UTF-8 and for control characters.
std::string label_text(std::string_view text);

}  // namespace mexport::metrics
