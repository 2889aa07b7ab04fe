// SPDX-License-Identifier: MIT
#include "export/pipeline.hpp"

#include "base/thread_name.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

namespace mexport::exporter {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kLongestSleep{100};
/// While few facts come for a batch that has begun.
constexpr milliseconds kLongestRest{200};
/// Until the next ones are looked for, since there is little room for them.
constexpr milliseconds kAfterLarge{2};
/// What the sinks get to end when there is no thread to feed them.
constexpr milliseconds kEndOfFailedStart{1000};

}  // namespace

/// The export thread, which drives the core.
class Pipeline::Impl {
 public:
  Impl(Options options, const base::Clock& clock, base::Random& random, base::Logger logger)
      : clock_(clock), core_(std::move(options), clock, random, std::move(logger)) {}

  base::Status start(monitor::Host& host);
  void stop(milliseconds patience);
  PipelineCore& core() { return core_; }

 private:
  void loop();
  void rest(const ExportStage::Progress& progress, base::SteadyTime now);
  milliseconds until_due(base::SteadyTime now, milliseconds limit) const;

  const base::Clock& clock_;
  PipelineCore core_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

base::Status Pipeline::Impl::start(monitor::Host& host) {
  if (auto status = core_.start(host); !status) return status;
  stopping_ = false;
  try {
    thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error& error) {
    core_.stop_sinks(std::chrono::steady_clock::now() + kEndOfFailedStart);
    return base::fail(error.code());
  }
  return {};
}

void Pipeline::Impl::stop(milliseconds patience) {
  if (!thread_.joinable()) return;
  stopping_ = true;
  core_.wake_up().signal();
  thread_.join();
  core_.stop_sinks(std::chrono::steady_clock::now() + patience);
}

void Pipeline::Impl::loop() {
  base::name_this_thread("export");
  for (;;) {
    const bool stopping = stopping_;  // read first: what was submitted before it is drained below
    const auto now = clock_.now();
    const auto progress = core_.run(now, stopping);
    if (stopping && !progress.more) break;
    if (!progress.more) rest(progress, now);
  }
  core_.flush();
}

/// Until the next batch is due, at most `limit`.
milliseconds Pipeline::Impl::until_due(base::SteadyTime now, milliseconds limit) const {
  const auto due = core_.due();
  if (!due) return limit;
  return std::clamp(duration_cast<milliseconds>(*due - now), milliseconds(1), limit);
}

void Pipeline::Impl::rest(const ExportStage::Progress& progress, base::SteadyTime now) {
  if (progress.worked || !core_.idle()) {
    // Facts keep coming: looking again a little later costs the writers nothing.
    const auto interval = progress.large ? kAfterLarge : core_.options().poll_interval;
    auto left = kLongestRest;
    do {
      std::this_thread::sleep_for(until_due(clock_.now(), interval));
      left -= interval;
    } while (!stopping_ && left.count() > 0 && core_.may_wait(clock_.now()));
    return;
  }
  const auto limit = until_due(now, kLongestSleep);
  core_.wake_up().prepare();
  if (stopping_ || !core_.idle()) {
    core_.wake_up().cancel();
  } else {
    core_.wake_up().wait(limit);
  }
}

Pipeline::Pipeline(Options options, const base::Clock& clock, base::Random& random,
                   base::Logger logger)
    : impl_(std::make_unique<Impl>(std::move(options), clock, random, std::move(logger))) {}
Pipeline::~Pipeline() {
  stop();
}

monitor::ObservationSink& Pipeline::add_source() {
  return impl_->core().add_source();
}
void Pipeline::add_sink(std::unique_ptr<Sink> sink) {
  impl_->core().add_sink(std::move(sink));
}
base::Status Pipeline::start(monitor::Host& host) {
  return impl_->start(host);
}
void Pipeline::stop(milliseconds patience) {
  impl_->stop(patience);
}
void Pipeline::reopen() {
  impl_->core().reopen();
}
monitor::RunInfo Pipeline::run_info() const {
  return impl_->core().run_info();
}

PipelineStatistics Pipeline::statistics() const {
  return impl_->core().statistics();
}
const std::vector<std::unique_ptr<Sink>>& Pipeline::sinks() const {
  return impl_->core().sinks();
}
const std::string& Pipeline::run_id() const {
  return impl_->core().run_id();
}

}  // namespace mexport::exporter
