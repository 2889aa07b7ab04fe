// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/disk.hpp"
#include "export/gzip_writer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// One trace file from its creation to its final name. After an error of append() or flush() only
/// salvage() makes sense. One owner, one thread.
class TraceWriter {
 public:
  /// Creates `<stem>.json.gz.tmp`, named by `now` or, where that name is taken, by the next free
  /// second. `disk` must outlive the writer.
  static base::Result<std::unique_ptr<TraceWriter>> create(Disk& disk, const std::string& directory,
                                                           base::WallTime now);
  /// Creates the working copy of a leftover under a name of its own; see complete_leftovers().
  static base::Result<std::unique_ptr<TraceWriter>> create_named(Disk& disk, std::string directory,
                                                                 std::string temporary,
                                                                 std::string name);

  /// Compresses lines or pieces of them; writes when enough has gathered.
  base::Status append(std::string_view lines);
  /// Returns when everything that was appended can be read, and survives a loss of power.
  base::Status flush();
  /// After flush(): completes and renames.
  base::Status finish();
  /// After an error: cuts off what followed the last flush() and completes the file with what stood
  /// before. Fails when the disk does not allow even that; may be tried again then.
  base::Status salvage();

  /// Compressed bytes so far.
  std::uint64_t size() const { return written_ + pending_.size(); }
  /// The time in its name; of create() only.
  base::WallTime named() const { return named_; }
  /// The name it has while it is written.
  const std::string& temporary_name() const { return temporary_; }

 private:
  TraceWriter(Disk& disk, std::string directory, std::string temporary, std::string name,
              std::unique_ptr<OutputFile> file);
  base::Status write_pending();

  Disk& disk_;
  std::string directory_;
  std::string temporary_;
  std::string name_;
  std::unique_ptr<OutputFile> file_;
  GzipWriter gzip_;
  base::Bytes pending_;  // compressed, not yet written
  std::uint64_t written_ = 0;
  std::uint64_t flushed_ = 0;  // bytes of the file at the last flush(); 0: not even a header
  base::Bytes trailer_;        // what completes the file there
  base::WallTime named_;
  bool renamed_ = false;
};

}  // namespace mexport::exporter
