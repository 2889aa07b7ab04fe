// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// How a trace file ends, as far as it has been read.
enum class TraceEnd : std::uint8_t {
  complete,    ///< the compressed data is whole
  unfinished,  ///< it stops before its end: still being written, or its writer was killed
  broken,      ///< damaged: nothing after that point can be read
};
std::string_view to_string(TraceEnd end);

/// Longer lines count as damage.
inline constexpr std::size_t kMaxTraceLine = 256 << 20;

/// Reads the complete lines of a trace file: gzip (any number of members, finished or not) or plain
/// text, told apart by the content. Memory: some 100 KiB and the longest line.
class TraceReader {
 public:
  /// Takes the file over.
  explicit TraceReader(std::unique_ptr<InputFile> file);
  ~TraceReader();
  TraceReader(TraceReader&&) noexcept;
  TraceReader& operator=(TraceReader&&) noexcept;

  static base::Result<TraceReader> open(Disk& disk, const std::string& path);
  /// For a file that was there a moment ago: nullopt when it has gone since, as retention makes
  /// them go. One that has got its final name since is opened under that.
  static base::Result<std::optional<TraceReader>> open_listed(Disk& disk, const std::string& path);

  /// The next line without its newline, valid until the next call. nullopt when there is none for
  /// now: a file that is being written may have more later. Fails when the file cannot be read.
  base::Result<std::optional<std::string_view>> next();

  TraceEnd end() const;
  /// Bytes after the last newline that were read: a line that was cut off.
  std::size_t partial_line_size() const;
  /// Those bytes, valid until the next call.
  std::string_view partial_line() const;
  /// Takes them for a line: they no longer count as cut off.
  void take_partial_line();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter
