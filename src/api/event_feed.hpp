// SPDX-License-Identifier: MIT
#pragma once

#include "export/sink.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace mexport::api {

/// Hands batches to the clients that watch events, each over a bounded queue of its own: what a
/// client has no room for is dropped and counted, and the export thread never waits. Thread-safe.
class EventFeed {
 public:
  struct Options {
    std::size_t clients = 16;
    std::size_t queued_bytes = 4 << 20;  ///< of one client's queue; batches are shared
  };

  /// One that watches. Its functions are called by one thread; it goes before the feed does.
  class Client {
   public:
    struct Item {
      std::uint64_t lost = 0;    ///< events dropped before the batch
      exporter::BatchPtr batch;  ///< null when only a loss is left
    };

    explicit Client(EventFeed& feed) : feed_(feed) {}
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Called, from the export thread, when take() has something after it had nothing.
    void on_more(std::function<void()> wake);
    /// The oldest; nullopt when nothing waits.
    std::optional<Item> take();
    /// Whether no more will come.
    bool ended() const;

   private:
    friend class EventFeed;

    EventFeed& feed_;
    // All guarded by the feed's mutex.
    std::deque<exporter::BatchPtr> batches_;
    std::size_t bytes_ = 0;
    std::uint64_t lost_ = 0;  // after the newest batch that waits: nothing is queued behind it
    std::function<void()> wake_;
  };

  EventFeed() = default;
  explicit EventFeed(Options options) : options_(options) {}

  /// nullptr when there are too many, or none may come any more.
  std::unique_ptr<Client> join();
  void submit(const exporter::BatchPtr& batch);
  /// Nothing more will come; what is queued can still be taken.
  void close();

  /// Events that a client was sent.
  void count_sent(monitor::EventKind kind);
  /// Events that a client was not sent because they are too long.
  void count_too_long(monitor::EventKind kind);
  exporter::SinkStatistics statistics() const;

 private:
  void push(Client& client, const exporter::BatchPtr& batch);

  const Options options_{};
  mutable std::mutex mutex_;
  std::set<Client*> clients_;
  bool closed_ = false;
  exporter::SinkStatistics statistics_;
};

/// The feed as a sink of the pipeline.
class FeedSink final : public exporter::Sink {
 public:
  explicit FeedSink(std::shared_ptr<EventFeed> feed) : feed_(std::move(feed)) {}

  std::string_view name() const override { return "live"; }
  bool records() const override { return false; }
  base::Status start(const exporter::SinkContext&) override { return {}; }
  void submit(exporter::BatchPtr batch) noexcept override;
  void stop(std::chrono::steady_clock::time_point) override { feed_->close(); }
  exporter::SinkStatistics statistics() const override { return feed_->statistics(); }

 private:
  std::shared_ptr<EventFeed> feed_;
};

}  // namespace mexport::api
