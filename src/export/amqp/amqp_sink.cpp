// SPDX-License-Identifier: MIT
#include "export/amqp/amqp_sink.hpp"

#include "base/thread_name.hpp"
#include "export/amqp/amqp_worker.hpp"
#include "export/amqp/memory_store.hpp"
#include "export/amqp/spool_store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace mexport::exporter::amqp {
namespace {

using std::chrono::milliseconds;

/// Of what stop() is given, so much is for what comes after sending: storing and saying good-bye.
constexpr milliseconds kEndMargin{600};
constexpr milliseconds kClosePatience{200};

base::Result<std::unique_ptr<BodyStore>> make_store(const AmqpOptions& options,
                                                    const base::Logger& logger) {
  if (!options.spool_path) return std::make_unique<MemoryStore>(options.memory_bytes);
  auto store = SpoolStore::open(*options.spool_path, options.spool, logger);
  if (!store) return base::fail(store.error());
  return std::move(*store);
}

}  // namespace

/// The sink's thread, which drives the worker.
class AmqpSink::Impl {
 public:
  Impl(AmqpOptions options, std::unique_ptr<BodyStore> store, const base::Clock& clock,
       base::Random& random, base::Logger logger)
      : worker_(std::move(options), std::move(store), clock, random, std::move(logger)) {}
  ~Impl() { stop(std::chrono::steady_clock::now()); }

  base::Status start(const SinkContext& context);
  void stop(std::chrono::steady_clock::time_point deadline);
  AmqpWorker& worker() { return worker_; }

 private:
  void loop();
  bool wait_for_end(std::chrono::steady_clock::time_point until);

  AmqpWorker worker_;
  std::atomic<bool> enough_{false};  // nothing more is to be sent
  std::mutex mutex_;                 // guards ended_
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::thread thread_;
};

base::Status AmqpSink::Impl::start(const SinkContext& context) {
  worker_.begin(context);
  try {
    thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error& error) {
    return base::fail(error.code());
  }
  return {};
}

void AmqpSink::Impl::loop() {
  base::name_this_thread("amqp");
  while (worker_.step() && !enough_) {
  }
  worker_.end(kClosePatience);
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

bool AmqpSink::Impl::wait_for_end(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return ended_changed_.wait_until(lock, until, [this] { return ended_; });
}

void AmqpSink::Impl::stop(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return;
  worker_.queue().close();
  if (!wait_for_end(deadline - kEndMargin)) enough_ = true;
  if (!wait_for_end(deadline)) worker_.abort();
  thread_.join();
}

AmqpSink::AmqpSink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AmqpSink::~AmqpSink() = default;

base::Result<std::unique_ptr<AmqpSink>> AmqpSink::create(AmqpOptions options,
                                                         const base::Clock& clock,
                                                         base::Random& random,
                                                         base::Logger logger) {
  auto store = make_store(options, logger);
  if (!store) return base::fail(store.error());
  return std::unique_ptr<AmqpSink>(new AmqpSink(std::make_unique<Impl>(
      std::move(options), std::move(*store), clock, random, std::move(logger))));
}

std::string_view AmqpSink::name() const {
  return impl_->worker().options().name;
}
base::Status AmqpSink::start(const SinkContext& context) {
  return impl_->start(context);
}
void AmqpSink::submit(BatchPtr batch) noexcept {
  impl_->worker().queue().push(std::move(batch));
}
void AmqpSink::stop(std::chrono::steady_clock::time_point deadline) {
  impl_->stop(deadline);
}
SinkStatistics AmqpSink::statistics() const {
  return impl_->worker().statistics();
}

}  // namespace mexport::exporter::amqp
