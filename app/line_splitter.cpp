// SPDX-License-Identifier: MIT
#include "app/line_splitter.hpp"

namespace mexport::app {

namespace {

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

LineSplitter::State LineSplitter::take(std::string_view piece, const OnLine& on_line) {
  for (;;) {
    const auto end = piece.find('\n');
    const auto part = piece.substr(0, end);
    if (part.size() > most_ - rest_.size()) return State::too_long;
    if (end == std::string_view::npos) {
      rest_ += part;
      return State::open;
    }
    bool more = false;
    if (rest_.empty()) {
      more = on_line(without_return(part));
    } else {
      rest_ += part;
      more = on_line(without_return(rest_));
      rest_.clear();
    }
    if (!more) return State::stopped;
    piece.remove_prefix(end + 1);
  }
}

}  // namespace mexport::app
