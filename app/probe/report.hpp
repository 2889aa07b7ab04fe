// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "app/probe/lines.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::app::probe {

/// Turns a node's lines into what the command prints. Writes nothing itself; text from the node is
/// printable() in it, but for ReportFormat::json, which is the node's lines as they are.
class Report {
 public:
  /// `verbose`: text shows who lacks a block and who could not be asked, too.
  Report(ReportFormat format, bool verbose) : format_(format), verbose_(verbose) {}

  /// Before all lines: CSV's names of columns.
  std::string_view head() const;
  /// What stdout gets for a line, "" for nothing; nullopt: it is no line of a node.
  std::optional<std::string> take(std::string_view line);
  /// What has been told at the end; nullopt before the node has.
  const std::optional<Summary>& summary() const { return summary_; }
  /// One ASCII line of how far it is, `passed` seconds after the begin of `whole`.
  std::string progress(std::chrono::seconds passed, std::chrono::seconds whole) const;

 private:
  std::string show(const Said& line);
  std::string show(const Failed& line);
  std::string show(const Summary& line);

  const ReportFormat format_;
  const bool verbose_;
  std::optional<Summary> summary_;
  std::uint64_t answers_ = 0;
  std::uint64_t having_ = 0;  // HAVEs and blocks among them
  std::uint64_t failed_ = 0;  // peers
};

/// The summary in words, a line for the peers and one for each CID.
std::string words_of(const Summary& summary);

}  // namespace mexport::app::probe
