// SPDX-License-Identifier: MIT
#include "export/trace_stage.hpp"

#include "export/large_event.hpp"
#include "export/trace_files.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mexport::exporter {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Tries to cut a broken file, one per retry interval.
constexpr int kMaxSalvages = 60;

/// Peers whose large messages stand in events are not read from until those are safe, so that it is
/// not put off for as long as with others.
constexpr std::size_t kLargeAtOnce = 1 << 20;

constexpr std::chrono::minutes kRetentionInterval{1};

/// The file system's room or our quota has come to its end.
bool is_full(std::error_code error) {
  return error == std::errc::no_space_on_device ||
         error == std::error_code(EDQUOT, std::system_category());
}

}  // namespace

TraceStage::TraceStage(TraceOptions options, const base::Clock& clock, Disk& disk,
                       base::Logger logger)
    : options_(std::move(options)),
      clock_(clock),
      disk_(disk),
      logger_(std::move(logger)),
      retention_(options_.retention, options_.rotate_interval, options_.directory, disk),
      queue_(options_.queue_bytes) {}

/// A full disk is no reason not to begin: events wait and are counted as at any other time.
base::Status TraceStage::prepare() {
  auto status = prepare_directory();
  if (!status && is_full(status.error())) return {};
  return status;
}

base::Status TraceStage::prepare_directory() {
  if (auto status = disk_.create_directories(options_.directory); !status) return status;
  has_directory_ = true;
  const auto probe = join_path(options_.directory, ".writable");
  const auto file = disk_.create(probe);
  if (!file && file.error() != std::errc::file_exists) return base::fail(file.error());
  return disk_.remove(probe);
}

base::Result<TraceLeftovers> TraceStage::open(const SinkContext& context) {
  context_ = &context;
  const auto info = context.run_info();
  encoder_ = std::make_unique<OwnEventEncoder>(info.peer_ids.empty() ? std::string()
                                                                     : info.peer_ids.front());
  // Found before a file of ours can be among them.
  auto leftovers = has_directory_ ? find_leftovers(disk_, options_.directory)
                                  : base::Result<TraceLeftovers>(std::in_place);
  if (!leftovers) return leftovers;
  last_timestamp_ = safe_timestamp_ = clock_.wall_now();
  retain();  // first, in case that the disk is full
  if (auto status = open_file(); !status) {
    if (is_full(status.error())) {
      recover(status.error());
      return leftovers;
    }
    if (writer_) (void)writer_->salvage();  // the first error is the one to tell
    writer_.reset();
    return base::fail(status.error());
  }
  return leftovers;
}

void TraceStage::complete(const TraceLeftovers& leftovers, const std::atomic<bool>& cancel) const {
  if (auto status = remove_partial(disk_, options_.directory, leftovers); !status) {
    logger_.warn("cannot remove old partial files: {}", status.error().message());
  }
  for (const auto& name : leftovers.unfinished) {
    const auto status = complete_leftover(disk_, options_.directory, name, cancel);
    if (status) {
      logger_.info("completed the trace file {} of an earlier run", name);
    } else if (cancel) {
      return;
    } else {
      logger_.warn("cannot complete {}: {}", name, status.error().message());
    }
  }
}

void TraceStage::reopen() {
  reopen_ = true;
  queue_.interrupt();
}

TraceStage::Progress TraceStage::step(milliseconds patience) {
  upkeep();
  if (clock_.now() < retry_at_) {
    // Events wait in the queue meanwhile. At the end there is one more try.
    if (!queue_.closed()) return Progress::waiting;
    if (std::exchange(last_try_, true)) return Progress::ended;
  }
  if (todo_.empty()) take(patience);
  const bool more = work_left();
  const auto status = more ? write_next() : finish_file();
  if (!status) recover(status.error());
  return status && !more ? Progress::ended : Progress::working;
}

void TraceStage::end() {
  if (auto status = finish_file(); !status) recover(status.error());
  (void)salvage();
  give_up();
}

void TraceStage::take(milliseconds patience) {
  if (!unflushed_.empty()) {
    const auto left = std::chrono::ceil<milliseconds>(flush_at_ - clock_.now());
    patience = std::clamp(left, milliseconds(0), patience);
  }
  if (auto item = queue_.pop(patience)) todo_.push_back(std::move(*item));
}

bool TraceStage::work_left() {
  if (!todo_.empty() || !queue_.closed()) return true;
  take(milliseconds(0));  // closed after the last look
  return !todo_.empty();
}

void TraceStage::upkeep() {
  base::Status status;
  if (reopen_.exchange(false) || rotation_due()) {
    status = finish_file();
  } else if (!unflushed_.empty() &&
             (clock_.now() >= flush_at_ || unflushed_bytes_ >= options_.queue_bytes / 16 ||
              unflushed_large_ >= kLargeAtOnce)) {
    status = flush();
  }
  if (!status) recover(status.error());
  if (clock_.now() >= retain_at_) retain();
}

bool TraceStage::rotation_due() const {
  if (!writer_) return false;
  const auto now = clock_.wall_now();
  // The second test is for a clock that was set back.
  return now >= rotate_at_ || now < rotate_at_ - 2 * options_.rotate_interval ||
         writer_->size() >= options_.rotate_bytes;
}

base::Status TraceStage::write_next() {
  if (todo_.empty()) return {};
  const auto& item = todo_.front();
  if (item.batch) last_timestamp_ = std::max(last_timestamp_, item.batch->first);
  if (!writer_) {
    if (auto status = open_file(); !status) return status;
  }
  if (auto status = write(item); !status) return status;
  if (item.batch) last_timestamp_ = item.batch->last;
  if (unflushed_.empty()) flush_at_ = clock_.now() + options_.flush_interval;
  if (item.batch) unflushed_bytes_ += item.batch->memory_size();
  if (item.batch && item.batch->large) unflushed_large_ += item.batch->memory_size();
  unflushed_.push_back(std::move(todo_.front()));
  todo_.pop_front();
  return {};
}

base::Status TraceStage::write(const Item& item) {
  if (!item.lost.empty()) {
    std::string lines;
    for (const auto& range : item.lost.ranges()) {
      encoder_->append_sink_gap(range, last_timestamp_, options_.name, lines);
      lines.push_back('\n');
    }
    if (auto status = writer_->append(lines); !status) return status;
  }
  if (!item.batch) return {};
  if (!item.batch->large) return writer_->append(item.batch->lines);
  return item.batch->large->write(
      [this](std::string_view piece) { return writer_->append(piece); });
}

base::Status TraceStage::open_file() {
  if (auto status = salvage(); !status) return status;
  if (!has_directory_) {
    if (auto status = prepare_directory(); !status) return status;
  }
  const auto now = clock_.wall_now();
  // A clock that was set back must not put the file before those that are there: readers take files
  // in the order of their names.
  const auto name = std::max({now, last_timestamp_, named_ + seconds(1)});
  auto writer = TraceWriter::create(disk_, options_.directory, name);
  if (!writer) return base::fail(writer.error());
  writer_ = std::move(*writer);
  named_ = writer_->named();
  std::string line;
  encoder_->append_run_info(context_->run_info(), last_timestamp_, files_ + 1, line);
  line.push_back('\n');
  if (auto status = writer_->append(line); !status) return status;
  if (auto status = writer_->flush(); !status) return status;
  ++files_;
  flushed_size_ = writer_->size();
  rotate_at_ =
      base::WallTime(now.time_since_epoch() - now.time_since_epoch() % options_.rotate_interval +
                     options_.rotate_interval);
  set_current_file(writer_->temporary_name());
  {
    const std::lock_guard lock(mutex_);
    ++statistics_.written[static_cast<std::size_t>(monitor::EventKind::run_info)];
    statistics_.bytes_out += flushed_size_;
  }
  if (std::exchange(failing_, false)) logger_.info("traces are being written again");
  return {};
}

base::Status TraceStage::flush() {
  if (auto status = writer_->flush(); !status) return status;
  count_written();
  safe_timestamp_ = last_timestamp_;
  return {};
}

base::Status TraceStage::finish_file() {
  if (!writer_) return {};
  if (auto status = flush(); !status) return status;
  if (auto status = writer_->finish(); !status) return status;
  writer_.reset();
  set_current_file({});
  retain_at_ = clock_.now();
  return {};
}

/// After a disk error: completes the file as far as it was safe, and has the rest written again.
void TraceStage::recover(std::error_code error) {
  if (!std::exchange(failing_, true)) {
    logger_.error("cannot write traces to {}: {}; trying again every {} ms", options_.directory,
                  error.message(), options_.retry_interval.count());
  }
  {
    const std::lock_guard lock(mutex_);
    ++statistics_.errors;
  }
  retry_at_ = clock_.now() + options_.retry_interval;
  retain_at_ = clock_.now();  // a full disk may have room for us to make
  if (!writer_) return;
  broken_ = std::move(writer_);
  salvages_left_ = kMaxSalvages;
  set_current_file({});
  todo_.insert(todo_.begin(), std::make_move_iterator(unflushed_.begin()),
               std::make_move_iterator(unflushed_.end()));
  unflushed_.clear();
  unflushed_bytes_ = unflushed_large_ = 0;
  last_timestamp_ = safe_timestamp_;
  (void)salvage();  // tried again before a new file is begun
}

/// What a broken file holds beyond what was safe is going to be written again, so that nothing is
/// written before the file has been cut, or has failed to let itself be cut too often.
base::Status TraceStage::salvage() {
  if (!broken_) return {};
  if (auto status = broken_->salvage(); !status) {
    if (--salvages_left_ > 0) return status;
    logger_.warn("{} stays unfinished: {}", broken_->temporary_name(), status.error().message());
  }
  broken_.reset();
  return {};
}

/// At the end: what could not be written is lost.
void TraceStage::give_up() {
  const auto reason = failing_ ? monitor::LossReason::disk_error : monitor::LossReason::stopped;
  while (auto item = queue_.pop(milliseconds(0))) todo_.push_back(std::move(*item));
  const std::lock_guard lock(mutex_);
  for (const auto& item : todo_) {
    if (item.batch) count_lost(*item.batch, reason, statistics_.lost);
  }
  todo_.clear();
}

/// Removes what is too old or too much.
void TraceStage::retain() {
  if (!retention_.enabled()) return;
  retain_at_ = clock_.now() + kRetentionInterval;
  const auto done =
      retention_.enforce(clock_.wall_now(), writer_ ? writer_->temporary_name() : std::string());
  // A directory that cannot be listed cannot be written either, and that is told.
  if (done) report(*done);
}

void TraceStage::report(const RetentionReport& report) {
  const auto tell = [this](const std::vector<std::string>& names, std::string_view why) {
    if (names.empty()) return;
    logger_.info("removed {} trace files, {} to {}: {}", names.size(), names.front(), names.back(),
                 why);
  };
  tell(report.too_old, "older than MaxAge");
  tell(report.too_much, "together larger than MaxBytes");
  if (!std::exchange(doubting_, report.doubtful > 0) && doubting_) {
    logger_.warn(
        "{} trace files are older than MaxAge by a clock that nothing vouches for yet: "
        "they go when it has stood for a day",
        report.doubtful);
  }
  if (std::exchange(removing_, report.failed.empty()) && !removing_) {
    logger_.warn("cannot remove {} trace files, {} among them", report.failed.size(),
                 report.failed.front());
  }
  const std::lock_guard lock(mutex_);
  auto& counters = statistics_.counters;
  counters[options_.name + "_files_removed_age"] += report.too_old.size();
  counters[options_.name + "_files_removed_size"] += report.too_much.size();
  counters[options_.name + "_bytes_removed"] += report.bytes;
  counters[options_.name + "_removals_failed"] += report.failed.size();
}

void TraceStage::count_written() {
  const std::lock_guard lock(mutex_);
  for (const auto& item : unflushed_) {
    if (!item.batch) continue;
    for (const auto& event : item.batch->events) {
      ++statistics_.written[static_cast<std::size_t>(event.kind)];
    }
  }
  unflushed_.clear();
  unflushed_bytes_ = unflushed_large_ = 0;
  statistics_.bytes_out += writer_->size() - flushed_size_;
  flushed_size_ = writer_->size();
}

SinkStatistics TraceStage::statistics() const {
  const auto dropped = queue_.lost();
  const std::lock_guard lock(mutex_);
  auto statistics = statistics_;
  statistics.queued_bytes = queue_.bytes();
  add_lost(dropped, statistics.lost);
  return statistics;
}

std::string TraceStage::current_file() const {
  const std::lock_guard lock(mutex_);
  return current_file_;
}

void TraceStage::set_current_file(std::string name) {
  const std::lock_guard lock(mutex_);
  current_file_ = std::move(name);
}

}  // namespace mexport::exporter
