// SPDX-License-Identifier: MIT
#include "export/trace_writer.hpp"

#include "export/trace_files.hpp"

#include <chrono>
#include <utility>

namespace mexport::exporter {
namespace {

constexpr std::size_t kWriteSize = 64 << 10;
constexpr int kMaxTakenNames = 3600;

}  // namespace

TraceWriter::TraceWriter(Disk& disk, std::string directory, std::string temporary, std::string name,
                         std::unique_ptr<OutputFile> file)
    : disk_(disk),
      directory_(std::move(directory)),
      temporary_(std::move(temporary)),
      name_(std::move(name)),
      file_(std::move(file)) {
  gzip_.begin(pending_);
}

base::Result<std::unique_ptr<TraceWriter>> TraceWriter::create(Disk& disk,
                                                               const std::string& directory,
                                                               base::WallTime now) {
  for (int attempt = 0; attempt < kMaxTakenNames; ++attempt, now += std::chrono::seconds(1)) {
    const auto stem = trace_stem(now);
    auto name = stem + std::string(kTraceSuffix);
    const auto taken = disk.exists(join_path(directory, name));
    if (!taken) return base::fail(taken.error());
    if (*taken) continue;
    auto writer =
        create_named(disk, directory, stem + std::string(kUnfinishedSuffix), std::move(name));
    if (writer) (*writer)->named_ = now;
    if (writer || writer.error() != std::errc::file_exists) return writer;
  }
  return base::fail(std::make_error_code(std::errc::file_exists));
}

base::Result<std::unique_ptr<TraceWriter>> TraceWriter::create_named(Disk& disk,
                                                                     std::string directory,
                                                                     std::string temporary,
                                                                     std::string name) {
  auto file = disk.create(join_path(directory, temporary));
  if (!file) return base::fail(file.error());
  if (auto status = disk.sync_directory(directory); !status) {
    (void)disk.remove(join_path(directory, temporary));  // the first error is the one to tell
    return base::fail(status.error());
  }
  return std::unique_ptr<TraceWriter>(new TraceWriter(
      disk, std::move(directory), std::move(temporary), std::move(name), std::move(*file)));
}

base::Status TraceWriter::append(std::string_view lines) {
  gzip_.write(lines, pending_);
  if (pending_.size() < kWriteSize) return {};
  return write_pending();
}

base::Status TraceWriter::flush() {
  auto trailer = gzip_.flush(pending_);
  if (auto status = write_pending(); !status) return status;
  if (auto status = file_->sync(); !status) return status;
  flushed_ = written_;
  trailer_ = std::move(trailer);
  return {};
}

base::Status TraceWriter::salvage() {
  pending_.clear();
  if (flushed_ == 0) return disk_.remove(join_path(directory_, temporary_));
  if (renamed_) return disk_.sync_directory(directory_);
  if (auto status = file_->truncate(flushed_); !status) return status;
  return finish();
}

base::Status TraceWriter::write_pending() {
  if (auto status = file_->append(pending_); !status) return status;
  written_ += pending_.size();
  pending_.clear();
  return {};
}

base::Status TraceWriter::finish() {
  if (auto status = file_->append(trailer_); !status) return status;
  if (auto status = file_->sync(); !status) return status;
  if (auto status = disk_.rename(join_path(directory_, temporary_), join_path(directory_, name_));
      !status) {
    return status;
  }
  renamed_ = true;
  return disk_.sync_directory(directory_);
}

}  // namespace mexport::exporter
