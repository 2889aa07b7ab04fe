// SPDX-License-Identifier: MIT
#include "export/trace_sink.hpp"

#include "export/batch_queue.hpp"
#include "export/own_event_encoder.hpp"
#include "export/trace_files.hpp"
#include "export/trace_leftovers.hpp"
#include "export/trace_writer.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace mexport::exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestWait{100};

}  // namespace

/// The sink's thread and what it owns. What other threads read is atomic or under mutex_.
class TraceSink::Impl {
 public:
  Impl(Options options, const base::Clock& clock, Disk& disk, base::Logger logger)
      : options_(std::move(options)),
        clock_(clock),
        disk_(disk),
        logger_(std::move(logger)),
        queue_(options_.queue_bytes) {}
  ~Impl();

  base::Status prepare();
  base::Status start(const SinkContext& context);
  void submit(BatchPtr batch) noexcept { queue_.push(std::move(batch)); }
  void stop(std::chrono::steady_clock::time_point deadline);
  void reopen();
  SinkStatistics statistics() const;
  std::string current_file() const;

 private:
  using Item = BatchQueue::Item;

  void complete_leftovers(const TraceLeftovers& leftovers);
  void loop();
  void take();
  void upkeep();
  bool rotation_due() const;
  bool work_left();
  base::Status write_next();
  base::Status write(const Item& item);
  base::Status open_file();
  base::Status flush();
  base::Status finish_file();
  void recover(std::error_code error);
  void give_up();
  void count_written();
  void set_current_file(std::string name);

  const Options options_;
  const base::Clock& clock_;
  Disk& disk_;
  const base::Logger logger_;
  BatchQueue queue_;
  const SinkContext* context_ = nullptr;

  // The sink thread's.
  std::unique_ptr<OwnEventEncoder> encoder_;
  std::unique_ptr<TraceWriter> writer_;
  std::deque<Item> todo_;        // taken from the queue, to be written
  std::vector<Item> unflushed_;  // written; kept until they are safe
  base::WallTime rotate_at_;
  base::WallTime last_timestamp_;
  base::SteadyTime flush_at_;
  base::SteadyTime retry_at_ = base::SteadyTime::min();
  std::uint64_t files_ = 0;
  std::uint64_t flushed_size_ = 0;
  std::size_t unflushed_bytes_ = 0;
  bool failing_ = false;
  bool last_try_ = false;

  std::atomic<bool> reopen_{false};
  std::atomic<bool> abandon_{false};
  std::atomic<bool> cancel_leftovers_{false};

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable ended_changed_;
  bool ended_ = false;
  SinkStatistics statistics_;
  std::string current_file_;

  std::thread leftovers_thread_;
  std::thread thread_;
};

TraceSink::Impl::~Impl() {
  stop(std::chrono::steady_clock::now());
}

base::Status TraceSink::Impl::prepare() {
  if (auto status = disk_.create_directories(options_.directory); !status) return status;
  const auto probe = join_path(options_.directory, ".writable");
  const auto file = disk_.create(probe);
  if (!file && file.error() != std::errc::file_exists) return base::fail(file.error());
  return disk_.remove(probe);
}

base::Status TraceSink::Impl::start(const SinkContext& context) {
  context_ = &context;
  const auto info = context.run_info();
  encoder_ = std::make_unique<OwnEventEncoder>(info.peer_ids.empty() ? std::string()
                                                                     : info.peer_ids.front());
  // Found before a file of ours can be among them.
  auto leftovers = find_leftovers(disk_, options_.directory);
  if (!leftovers) return base::fail(leftovers.error());
  last_timestamp_ = clock_.wall_now();
  if (auto status = open_file(); !status) {
    if (writer_) (void)writer_->salvage();  // the first error is the one to tell
    writer_.reset();
    return status;
  }
  leftovers_thread_ =
      std::thread([this, found = std::move(*leftovers)] { complete_leftovers(found); });
  thread_ = std::thread([this] { loop(); });
  return {};
}

void TraceSink::Impl::stop(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return;
  queue_.close();
  cancel_leftovers_ = true;
  {
    std::unique_lock lock(mutex_);
    ended_changed_.wait_until(lock, deadline, [this] { return ended_; });
  }
  abandon_ = true;
  thread_.join();
  leftovers_thread_.join();
}

void TraceSink::Impl::reopen() {
  reopen_ = true;
  queue_.interrupt();
}

SinkStatistics TraceSink::Impl::statistics() const {
  const auto dropped = queue_.lost();
  const std::lock_guard lock(mutex_);
  auto statistics = statistics_;
  statistics.queued_bytes = queue_.bytes();
  for (std::size_t kind = 0; kind < monitor::kEventKinds; ++kind) {
    for (std::size_t reason = 0; reason < monitor::kLossReasons; ++reason) {
      statistics.lost[kind][reason] += dropped[kind][reason];
    }
  }
  return statistics;
}

std::string TraceSink::Impl::current_file() const {
  const std::lock_guard lock(mutex_);
  return current_file_;
}

void TraceSink::Impl::set_current_file(std::string name) {
  const std::lock_guard lock(mutex_);
  current_file_ = std::move(name);
}

void TraceSink::Impl::complete_leftovers(const TraceLeftovers& leftovers) {
  if (auto status = remove_partial(disk_, options_.directory, leftovers); !status) {
    logger_.warn("cannot remove old partial files: {}", status.error().message());
  }
  for (const auto& name : leftovers.unfinished) {
    const auto status = complete_leftover(disk_, options_.directory, name, cancel_leftovers_);
    if (status) {
      logger_.info("completed the trace file {} of an earlier run", name);
    } else if (cancel_leftovers_) {
      return;
    } else {
      logger_.warn("cannot complete {}: {}", name, status.error().message());
    }
  }
}

void TraceSink::Impl::loop() {
  while (!abandon_) {
    upkeep();
    if (clock_.now() < retry_at_) {
      // Events wait in the queue meanwhile. At the end there is one more try.
      if (queue_.closed() && std::exchange(last_try_, true)) break;
      if (!queue_.closed()) {
        std::this_thread::sleep_for(std::min(options_.retry_interval, kLongestWait));
        continue;
      }
    }
    if (todo_.empty()) take();
    const bool more = work_left();
    const auto status = more ? write_next() : finish_file();
    if (!status) recover(status.error());
    if (status && !more) break;
  }
  if (auto status = finish_file(); !status) recover(status.error());
  give_up();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

void TraceSink::Impl::take() {
  if (auto item = queue_.pop(std::min(options_.flush_interval, kLongestWait))) {
    todo_.push_back(std::move(*item));
  }
}

bool TraceSink::Impl::work_left() {
  if (!todo_.empty() || !queue_.closed()) return true;
  take();  // closed after the last look
  return !todo_.empty();
}

void TraceSink::Impl::upkeep() {
  base::Status status;
  if (reopen_.exchange(false) || rotation_due()) {
    status = finish_file();
  } else if (!unflushed_.empty() &&
             (clock_.now() >= flush_at_ || unflushed_bytes_ >= options_.queue_bytes / 2)) {
    status = flush();
  }
  if (!status) recover(status.error());
}

bool TraceSink::Impl::rotation_due() const {
  if (!writer_) return false;
  const auto now = clock_.wall_now();
  // The second test is for a clock that was set back.
  return now >= rotate_at_ || now < rotate_at_ - 2 * options_.rotate_interval ||
         writer_->size() >= options_.rotate_bytes;
}

base::Status TraceSink::Impl::write_next() {
  if (todo_.empty()) return {};
  const auto& item = todo_.front();
  if (item.batch) last_timestamp_ = std::max(last_timestamp_, item.batch->first);
  if (!writer_) {
    if (auto status = open_file(); !status) return status;
  }
  if (auto status = write(item); !status) return status;
  if (item.batch) last_timestamp_ = item.batch->last;
  if (unflushed_.empty()) flush_at_ = clock_.now() + options_.flush_interval;
  if (item.batch) unflushed_bytes_ += item.batch->lines.size();
  unflushed_.push_back(std::move(todo_.front()));
  todo_.pop_front();
  return {};
}

base::Status TraceSink::Impl::write(const Item& item) {
  if (!item.lost.empty()) {
    std::string lines;
    for (const auto& range : item.lost.ranges()) {
      encoder_->append_sink_gap(range, last_timestamp_, "trace", lines);
      lines.push_back('\n');
    }
    if (auto status = writer_->append(lines); !status) return status;
  }
  if (!item.batch) return {};
  return writer_->append(item.batch->lines);
}

base::Status TraceSink::Impl::open_file() {
  const auto now = clock_.wall_now();
  auto writer = TraceWriter::create(disk_, options_.directory, now);
  if (!writer) return base::fail(writer.error());
  writer_ = std::move(*writer);
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

base::Status TraceSink::Impl::flush() {
  if (auto status = writer_->flush(); !status) return status;
  count_written();
  return {};
}

base::Status TraceSink::Impl::finish_file() {
  if (!writer_) return {};
  if (auto status = flush(); !status) return status;
  if (auto status = writer_->finish(); !status) return status;
  writer_.reset();
  set_current_file({});
  return {};
}

/// After a disk error: completes the file as far as it was safe, and has the rest written again.
void TraceSink::Impl::recover(std::error_code error) {
  if (!std::exchange(failing_, true)) {
    logger_.error("cannot write traces to {}: {}; trying again every {} ms", options_.directory,
                  error.message(), options_.retry_interval.count());
  }
  {
    const std::lock_guard lock(mutex_);
    ++statistics_.errors;
  }
  retry_at_ = clock_.now() + options_.retry_interval;
  if (!writer_) return;
  if (auto status = writer_->salvage(); !status) {
    logger_.warn("{} stays unfinished: {}", writer_->temporary_name(), status.error().message());
  }
  writer_.reset();
  set_current_file({});
  todo_.insert(todo_.begin(), std::make_move_iterator(unflushed_.begin()),
               std::make_move_iterator(unflushed_.end()));
  unflushed_.clear();
  unflushed_bytes_ = 0;
}

/// At the end: what could not be written is lost.
void TraceSink::Impl::give_up() {
  const auto reason = failing_ ? monitor::LossReason::disk_error : monitor::LossReason::stopped;
  while (auto item = queue_.pop(milliseconds(0))) todo_.push_back(std::move(*item));
  const std::lock_guard lock(mutex_);
  for (const auto& item : todo_) {
    if (item.batch) count_lost(*item.batch, reason, statistics_.lost);
  }
  todo_.clear();
}

void TraceSink::Impl::count_written() {
  const std::lock_guard lock(mutex_);
  for (const auto& item : unflushed_) {
    if (!item.batch) continue;
    for (const auto& event : item.batch->events) {
      ++statistics_.written[static_cast<std::size_t>(event.kind)];
    }
  }
  unflushed_.clear();
  unflushed_bytes_ = 0;
  statistics_.bytes_out += writer_->size() - flushed_size_;
  flushed_size_ = writer_->size();
}

TraceSink::TraceSink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceSink::~TraceSink() = default;

base::Result<std::unique_ptr<TraceSink>> TraceSink::create(Options options,
                                                           const base::Clock& clock, Disk& disk,
                                                           base::Logger logger) {
  auto impl = std::make_unique<Impl>(std::move(options), clock, disk, std::move(logger));
  if (auto status = impl->prepare(); !status) return base::fail(status.error());
  return std::unique_ptr<TraceSink>(new TraceSink(std::move(impl)));
}

base::Status TraceSink::start(const SinkContext& context) {
  return impl_->start(context);
}
void TraceSink::submit(BatchPtr batch) noexcept {
  impl_->submit(std::move(batch));
}
void TraceSink::stop(std::chrono::steady_clock::time_point deadline) {
  impl_->stop(deadline);
}
void TraceSink::reopen() {
  impl_->reopen();
}
SinkStatistics TraceSink::statistics() const {
  return impl_->statistics();
}
std::string TraceSink::current_file() const {
  return impl_->current_file();
}

}  // namespace mexport::exporter
