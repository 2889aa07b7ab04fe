// SPDX-License-Identifier: MIT
#include "export/trace_sink.hpp"

#include "base/thread_name.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace mexport::exporter {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{500};
constexpr milliseconds kLongestPause{100};
/// What completing the file may take when there is no thread to go on with.
constexpr milliseconds kEndOfFailedStart{1000};

}  // namespace

/// The sink's thread, which drives the stage, and the one that completes what a crash left behind.
class TraceSink::Impl {
 public:
  Impl(Options options, const base::Clock& clock, Disk& disk, base::Logger logger)
      : stage_(std::move(options), clock, disk, std::move(logger)) {}
  ~Impl();

  base::Status start(const SinkContext& context);
  void stop(std::chrono::steady_clock::time_point deadline);
  TraceStage& stage() { return stage_; }

 private:
  void loop();

  TraceStage stage_;
  std::atomic<bool> abandon_{false};
  std::atomic<bool> cancel_leftovers_{false};

  std::mutex mutex_;  // guards ended_
  std::condition_variable ended_changed_;
  bool ended_ = false;

  std::thread leftovers_thread_;
  std::thread thread_;
};

TraceSink::Impl::~Impl() {
  stop(std::chrono::steady_clock::now());
}

base::Status TraceSink::Impl::start(const SinkContext& context) {
  auto leftovers = stage_.open(context);
  if (!leftovers) return base::fail(leftovers.error());
  try {
    thread_ = std::thread([this] { loop(); });
    leftovers_thread_ = std::thread(
        [this, found = std::move(*leftovers)] { stage_.complete(found, cancel_leftovers_); });
  } catch (const std::system_error& error) {
    if (!thread_.joinable()) stage_.end();
    stop(std::chrono::steady_clock::now() + kEndOfFailedStart);
    return base::fail(error.code());
  }
  return {};
}

void TraceSink::Impl::stop(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return;
  stage_.queue().close();
  cancel_leftovers_ = true;
  {
    std::unique_lock lock(mutex_);
    ended_changed_.wait_until(lock, deadline, [this] { return ended_; });
  }
  abandon_ = true;
  thread_.join();
  if (leftovers_thread_.joinable()) leftovers_thread_.join();
}

void TraceSink::Impl::loop() {
  base::name_this_thread("trace");
  const auto patience = std::min(stage_.options().flush_interval, kLongestWait);
  const auto pause = std::min(stage_.options().retry_interval, kLongestPause);
  while (!abandon_) {
    const auto progress = stage_.step(patience);
    if (progress == TraceStage::Progress::ended) break;
    if (progress == TraceStage::Progress::waiting) std::this_thread::sleep_for(pause);
  }
  stage_.end();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

TraceSink::TraceSink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceSink::~TraceSink() = default;

base::Result<std::unique_ptr<TraceSink>> TraceSink::create(Options options,
                                                           const base::Clock& clock, Disk& disk,
                                                           base::Logger logger) {
  auto impl = std::make_unique<Impl>(std::move(options), clock, disk, std::move(logger));
  if (auto status = impl->stage().prepare(); !status) return base::fail(status.error());
  return std::unique_ptr<TraceSink>(new TraceSink(std::move(impl)));
}

std::string_view TraceSink::name() const {
  return impl_->stage().options().name;
}

base::Status TraceSink::start(const SinkContext& context) {
  return impl_->start(context);
}
void TraceSink::submit(BatchPtr batch) noexcept {
  impl_->stage().queue().push(std::move(batch));
}
void TraceSink::stop(std::chrono::steady_clock::time_point deadline) {
  impl_->stop(deadline);
}
void TraceSink::reopen() {
  impl_->stage().reopen();
}
SinkStatistics TraceSink::statistics() const {
  return impl_->stage().statistics();
}
std::string TraceSink::current_file() const {
  return impl_->stage().current_file();
}

}  // namespace mexport::exporter
