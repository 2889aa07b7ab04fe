// SPDX-License-Identifier: MIT
#include "export/trace_leftovers.hpp"

#include "export/trace_files.hpp"
#include "export/trace_reader.hpp"
#include "export/trace_writer.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace mexport::exporter {
namespace {

constexpr std::size_t kPiece = 256 << 10;

/// The copy of one leftover; its file is made when there is a line to put into it.
class Copy {
 public:
  Copy(Disk& disk, const std::string& directory, std::string_view stem)
      : disk_(disk), directory_(directory), stem_(stem) {}

  bool empty() const { return !writer_; }
  std::string partial_name() const { return stem_ + std::string(kPartialSuffix); }

  base::Status add(std::string_view line) {
    lines_.append(line);
    lines_.push_back('\n');
    if (lines_.size() < kPiece) return {};
    return write();
  }

  base::Status finish() {
    if (!lines_.empty()) {
      if (auto status = write(); !status) return status;
    }
    if (!writer_) return {};
    if (auto status = writer_->flush(); !status) return status;
    return writer_->finish();
  }

 private:
  base::Status write() {
    if (!writer_) {
      auto writer = TraceWriter::create_named(disk_, directory_, partial_name(),
                                              stem_ + std::string(kTraceSuffix));
      if (!writer) return base::fail(writer.error());
      writer_ = std::move(*writer);
    }
    auto status = writer_->append(lines_);
    lines_.clear();
    return status;
  }

  Disk& disk_;
  const std::string& directory_;
  std::string stem_;
  std::unique_ptr<TraceWriter> writer_;
  std::string lines_;
};

base::Status copy_lines(TraceReader& reader, Copy& copy, const std::atomic<bool>& cancel) {
  for (;;) {
    if (cancel) return base::fail(std::make_error_code(std::errc::operation_canceled));
    const auto line = reader.next();
    if (!line) return base::fail(line.error());
    if (!*line) return copy.finish();
    if (auto status = copy.add(**line); !status) return status;
  }
}

base::Status copy_leftover(Disk& disk, const std::string& directory, const std::string& name,
                           const std::atomic<bool>& cancel) {
  auto reader = TraceReader::open(disk, join_path(directory, name));
  if (!reader) return base::fail(reader.error());
  Copy copy(disk, directory, *stem_of(name));
  auto status = copy_lines(*reader, copy, cancel);
  if (!status && !copy.empty()) {
    // What cannot be removed now goes with the next start.
    (void)disk.remove(join_path(directory, copy.partial_name()));
  }
  return status;
}

}  // namespace

base::Result<TraceLeftovers> find_leftovers(Disk& disk, const std::string& directory) {
  const auto entries = disk.list(directory);
  if (!entries) return base::fail(entries.error());
  TraceLeftovers leftovers;
  for (const auto& entry : *entries) {
    if (entry.directory) continue;
    const bool partial = entry.name.ends_with(kPartialSuffix);
    if (!partial && !(is_unfinished(entry.name) && stem_of(entry.name))) continue;
    const auto used = disk.in_use(join_path(directory, entry.name));
    if (!used) return base::fail(used.error());
    if (!*used) (partial ? leftovers.partial : leftovers.unfinished).push_back(entry.name);
  }
  return leftovers;
}

base::Status remove_partial(Disk& disk, const std::string& directory,
                            const TraceLeftovers& leftovers) {
  for (const auto& name : leftovers.partial) {
    if (auto status = disk.remove(join_path(directory, name)); !status) return status;
  }
  return {};
}

base::Status complete_leftover(Disk& disk, const std::string& directory, const std::string& name,
                               const std::atomic<bool>& cancel) {
  const auto completed =
      join_path(directory, std::string(*stem_of(name)) + std::string(kTraceSuffix));
  const auto done = disk.exists(completed);
  if (!done) return base::fail(done.error());
  if (!*done) {
    if (auto status = copy_leftover(disk, directory, name, cancel); !status) return status;
  }
  // The copy has its name and is durable, or there was no line to copy.
  if (auto status = disk.remove(join_path(directory, name)); !status) return status;
  return disk.sync_directory(directory);
}

}  // namespace mexport::exporter
