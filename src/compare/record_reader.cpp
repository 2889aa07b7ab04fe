// SPDX-License-Identifier: MIT
#include "compare/record_reader.hpp"

#include "export/trace_files.hpp"

#include <utility>

namespace mexport::compare {

namespace {

/// Whether all that begins in it ends in it.
bool is_whole(std::string_view text) {
  while (!text.empty()) {
    exporter::JsonScanner scanner(text);
    if (text.starts_with('[')) {
      while (scanner.next_element()) continue;
    } else {
      while (scanner.next_member()) continue;
    }
    const auto behind = scanner.behind();
    if (!behind) return false;
    text = *behind;
  }
  return true;
}

}  // namespace

base::Result<const Event*> RecordReader::next() {
  for (;;) {
    if (const auto text = next_text()) {
      text_ = *text;
      if (parse_event(text_, event_)) {
        note_form();
        return &event_;
      }
      problem("no event");
      continue;
    }
    const auto more = next_line();
    if (!more) return base::fail(more.error());
    if (!*more) return nullptr;
  }
}

/// The next event's text within the line.
std::optional<std::string_view> RecordReader::next_text() {
  for (;;) {
    if (array_) {
      if (const auto element = array_->next_element()) return element;
      const auto behind = array_->behind();
      if (!behind) problem("a JSON array that does not end as it should");
      array_.reset();
      rest_ = behind.value_or(std::string_view());
    }
    if (rest_.empty()) return std::nullopt;
    if (!rest_.starts_with('[')) return std::exchange(rest_, {});
    array_.emplace(rest_);
  }
}

/// To the next line, through all files; false at the end.
base::Result<bool> RecordReader::next_line() {
  for (;;) {
    if (!file_) {
      if (opened_ == files_.size()) return false;
      if (auto status = open_file(); !status) return base::fail(status.error());
      if (!file_) continue;
    }
    const auto line = file_->next();
    if (!line) return base::fail(line.error());
    if (*line) {
      rest_ = **line;
    } else if (!take_last_line()) {
      close_file();
      continue;
    }
    ++line_;
    return true;
  }
}

/// That which no newline ends, as in bodies that others wrote; not where it has been cut off.
bool RecordReader::take_last_line() {
  const auto last = file_->partial_line();
  if (last.empty() || file_->end() == exporter::TraceEnd::broken || !is_whole(last)) return false;
  rest_ = last;
  file_->take_partial_line();
  return true;
}

base::Status RecordReader::open_file() {
  line_ = 0;
  auto opened = exporter::TraceReader::open_listed(disk_, files_[opened_++]);
  if (!opened) return base::fail(opened.error());
  if (*opened) {
    file_.emplace(std::move(**opened));
  } else {
    problem("has been removed meanwhile");
  }
  return {};
}

void RecordReader::close_file() {
  using exporter::TraceEnd;
  const auto end = file_->end();
  const bool growing = exporter::is_unfinished(files_[opened_ - 1]);
  line_ = 0;
  if (end == TraceEnd::broken) problem("damaged: the rest cannot be read");
  if (end == TraceEnd::unfinished && !growing) problem("ends before its end: it has been cut off");
  file_.reset();
}

void RecordReader::note_form() {
  if (array_) {
    forms_.bodies = true;
  } else if (event_.spelling == Spelling::snake_case) {
    forms_.client_log = true;
  } else if (event_.spelling == Spelling::wire) {
    forms_.trace = true;
  }
}

void RecordReader::problem(std::string_view what) {
  ++problems_;
  const auto& file = files_[opened_ - 1];
  on_problem_(line_ == 0 ? file : file + ":" + std::to_string(line_), what);
}

}  // namespace mexport::compare
