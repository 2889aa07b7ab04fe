// SPDX-License-Identifier: MIT
#pragma once

#include "export/gzip_writer.hpp"
#include "export/sink.hpp"
#include "export/trace_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Trace files for tests.
namespace mexport::exporter::testing {

/// One whole gzip member.
inline std::string compressed(std::string_view text) {
  GzipWriter writer;
  base::Bytes out;
  writer.begin(out);
  writer.write(text, out);
  const auto trailer = writer.flush(out);
  base::append(out, trailer);
  return std::string(base::as_text(out));
}

/// One that its writer left after a flush.
inline std::string unfinished(std::string_view text) {
  auto whole = compressed(text);
  whole.resize(whole.size() - 10);
  return whole;
}

struct ReadTrace {
  std::vector<std::string> lines;
  TraceEnd end = TraceEnd::broken;
};

inline ReadTrace read_trace(Disk& disk, const std::string& path) {
  ReadTrace out;
  auto reader = TraceReader::open(disk, path);
  if (!reader) return out;
  for (;;) {
    const auto line = reader->next();
    if (!line) return out;
    if (!*line) break;
    out.lines.emplace_back(**line);
  }
  out.end = reader->end();
  return out;
}

/// The lines of a run; `peer` and times are the same in all.
inline std::string run_info_line(std::string_view run, unsigned file) {
  return R"({"timestamp":"2026-11-22T20:00:00Z","peer":"us","run_info":{"run_id":")" +
         std::string(run) + R"("},"ext":{"seq":)" + std::to_string(file) + "}}\n";
}
inline std::string event_line(std::string_view kind, unsigned sequence,
                              std::string_view timestamp = "2026-11-22T20:00:00Z") {
  return R"({"timestamp":")" + std::string(timestamp) + R"(","peer":"p",")" + std::string(kind) +
         R"(":{},"ext":{"seq":)" + std::to_string(sequence) + "}}\n";
}
inline std::string gap_line(std::string_view kind, unsigned from, unsigned to) {
  return R"({"timestamp":"2026-11-22T20:00:00Z","peer":"us","gap":{"kind":")" + std::string(kind) +
         R"(","from":)" + std::to_string(from) + R"(,"to":)" + std::to_string(to) + R"(,"count":)" +
         std::to_string(to - from + 1) + R"(,"reason":"disk_error"},"ext":{"sink":"trace"}})" +
         "\n";
}

class FakeContext final : public SinkContext {
 public:
  monitor::RunInfo run_info() const override {
    monitor::RunInfo info;
    info.run_id = "0123";
    info.peer_ids = {"us"};
    return info;
  }
  void tell_gaps(std::string_view, std::vector<SinkGap>) const override {}
};

}  // namespace mexport::exporter::testing
