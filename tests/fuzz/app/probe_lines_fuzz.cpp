// SPDX-License-Identifier: MIT
// Any answer of a node to `mexport probe`, in pieces whose size the first byte says: lines are the
// same however they are cut, and what is shown of each is one line of text without control
// characters.
#include "api/probe_request.hpp"
#include "app/line_splitter.hpp"
#include "app/probe/report.hpp"
#include "base/bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace mexport::app;

constexpr std::size_t kMaxLine = 4096;

std::string lines_of(std::string_view text, std::size_t piece) {
  LineSplitter splitter(kMaxLine);
  std::string lines;
  const auto on_line = [&lines](std::string_view line) {
    lines.append(line).push_back('\n');
    return true;
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    const auto state = splitter.take(text.substr(0, piece), on_line);
    if (splitter.rest().size() > kMaxLine) std::abort();
    if (state == LineSplitter::State::too_long) break;
  }
  return lines;
}

/// Each row has an end, and nothing else that a terminal obeys.
void check_shown(std::string_view shown, std::size_t most_rows) {
  if (shown.empty()) return;
  if (!shown.ends_with('\n')) std::abort();
  if (static_cast<std::size_t>(std::ranges::count(shown, '\n')) > most_rows) std::abort();
  const auto obeyed = [](char c) { return c != '\n' && (static_cast<unsigned char>(c) < 0x20); };
  if (std::ranges::any_of(shown, obeyed)) std::abort();
}

void check(ReportFormat format, std::string_view lines) {
  probe::Report report(format, true);
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    const auto shown = report.take(line);
    if (!shown) return;
    if (format != ReportFormat::json) check_shown(*shown, mexport::api::kMaxFollowedCids + 1);
    if (format == ReportFormat::json && !line.empty() && *shown != std::string(line) + "\n")
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = std::size_t{data[0]} + 1;
  const auto text = mexport::base::as_text({data + 1, size - 1});
  const auto lines = lines_of(text, piece);
  if (lines != lines_of(text, size)) std::abort();
  for (const auto format : {ReportFormat::text, ReportFormat::csv, ReportFormat::json}) {
    check(format, lines);
  }
  return 0;
}
