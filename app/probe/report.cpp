// SPDX-License-Identifier: MIT
#include "app/probe/report.hpp"

#include "app/csv_field.hpp"
#include "app/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mexport::app::probe {

namespace {

constexpr std::int64_t kBarColumns = 20;

std::string bar(std::chrono::seconds passed, std::chrono::seconds whole) {
  const auto part =
      std::min(passed, whole).count() * kBarColumns / std::max<std::int64_t>(whole.count(), 1);
  const auto full = static_cast<std::size_t>(part);
  return std::string(full, '#') + std::string(kBarColumns - full, '.');
}

}  // namespace

std::string_view Report::head() const {
  return format_ == ReportFormat::csv ? "peer,cid,answer,after_ms,error\n" : "";
}

std::optional<std::string> Report::take(std::string_view line) {
  if (line.empty()) return "";  // a sign of life
  const auto parsed = parse_line(line);
  if (!parsed) return std::nullopt;
  auto shown = std::visit([this](const auto& one) { return show(one); }, *parsed);
  return format_ == ReportFormat::json ? std::string(line) + "\n" : std::move(shown);
}

std::string Report::show(const Said& line) {
  ++answers_;
  const bool lacks = line.answer == monitor::AnswerKind::dont_have;
  if (!lacks) ++having_;
  if (format_ == ReportFormat::csv) {
    return fmt::format("{},{},{},{},\n", csv_field(line.peer), csv_field(line.cid),
                       to_string(line.answer), line.after_ms);
  }
  if (lacks && !verbose_) return "";
  return fmt::format("{:<9} {:>7} ms  {}  {}\n", to_string(line.answer), line.after_ms,
                     printable(line.peer), printable(line.cid));
}

std::string Report::show(const Failed& line) {
  ++failed_;
  if (format_ == ReportFormat::csv) {
    return fmt::format("{},,failed,,{}\n", csv_field(line.peer), csv_field(line.error));
  }
  if (!verbose_) return "";
  return fmt::format("{:<9} {:>10}  {}  {}\n", "failed", "", printable(line.peer),
                     printable(line.error));
}

std::string Report::show(const Summary& line) {
  summary_ = line;
  return format_ == ReportFormat::text ? words_of(line) : "";
}

std::string Report::progress(std::chrono::seconds passed, std::chrono::seconds whole) const {
  const auto left = std::max(whole - passed, std::chrono::seconds(0));
  return fmt::format("[{}] {} s left  answers {}  have {}  failed {}", bar(passed, whole),
                     left.count(), answers_, having_, failed_);
}

std::string words_of(const Summary& summary) {
  auto text = fmt::format("{} peers asked: {} failed, {} silent\n", summary.asked, summary.failed,
                          summary.silent);
  for (const auto& cid : summary.cids) {
    fmt::format_to(std::back_inserter(text), "{}: have {}, dont_have {}, blocks {}",
                   printable(cid.cid), cid.have, cid.dont_have, cid.blocks);
    if (cid.first_ms) {
      fmt::format_to(std::back_inserter(text), ", the first after {} ms", *cid.first_ms);
    }
    text += '\n';
  }
  return text;
}

}  // namespace mexport::app::probe
