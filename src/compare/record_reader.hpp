// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"
#include "export/json_scanner.hpp"
#include "export/trace_reader.hpp"

#include "compare/event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::compare {

/// What a record was found to be; several, where files differ.
struct RecordForms {
  bool trace = false;       ///< lines of events as we write them
  bool client_log = false;  ///< lines of events as the reference's client logs them
  bool bodies = false;      ///< AMQP bodies: arrays of events
};

/// What is wrong in a record: where ("file:line" or "file"), and what. The rest is read.
using ProblemCallback = std::function<void(const std::string& where, std::string_view what)>;

/// Reads the events of a record's files one after the other: lines of events, or of arrays of
/// events also without a newline between or behind them; gzip or plain text. Memory: the longest
/// line.
class RecordReader {
 public:
  RecordReader(exporter::Disk& disk, std::vector<std::string> files, ProblemCallback on_problem)
      : disk_(disk), files_(std::move(files)), on_problem_(std::move(on_problem)) {}

  /// The next event, valid until the next call; nullptr at the end. Fails when a file cannot be
  /// read.
  base::Result<const Event*> next();
  /// That event's JSON text.
  std::string_view text() const { return text_; }

  const RecordForms& forms() const { return forms_; }
  std::uint64_t problems() const { return problems_; }

 private:
  base::Result<bool> next_line();
  bool take_last_line();
  base::Status open_file();
  void close_file();
  std::optional<std::string_view> next_text();
  void note_form();
  void problem(std::string_view what);

  exporter::Disk& disk_;
  const std::vector<std::string> files_;
  const ProblemCallback on_problem_;
  std::size_t opened_ = 0;  ///< of files_
  std::optional<exporter::TraceReader> file_;
  std::uint64_t line_ = 0;  ///< number in the file, from 1; 0: the file as a whole
  std::string_view rest_;   ///< of the line: what was not yet given
  std::optional<exporter::JsonScanner> array_;  ///< where the line has one
  std::string_view text_;
  Event event_;
  RecordForms forms_;
  std::uint64_t problems_ = 0;
};

}  // namespace mexport::compare
