// SPDX-License-Identifier: MIT
#include "api/event_feed.hpp"

#include "export/loss_record.hpp"

#include <exception>
#include <utility>

namespace mexport::api {

EventFeed::Client::~Client() {
  const std::lock_guard lock(feed_.mutex_);
  feed_.clients_.erase(this);
}

void EventFeed::Client::on_more(std::function<void()> wake) {
  const std::lock_guard lock(feed_.mutex_);
  wake_ = std::move(wake);
}

std::optional<EventFeed::Client::Item> EventFeed::Client::take() {
  const std::lock_guard lock(feed_.mutex_);
  if (!batches_.empty()) {
    Item item{.lost = 0, .batch = std::move(batches_.front())};
    batches_.pop_front();
    bytes_ -= item.batch->memory_size();
    return item;
  }
  if (lost_ == 0) return std::nullopt;
  return Item{.lost = std::exchange(lost_, 0), .batch = nullptr};
}

bool EventFeed::Client::ended() const {
  const std::lock_guard lock(feed_.mutex_);
  return feed_.closed_ && batches_.empty() && lost_ == 0;
}

std::unique_ptr<EventFeed::Client> EventFeed::join() {
  const std::lock_guard lock(mutex_);
  if (closed_ || clients_.size() >= options_.clients) return nullptr;
  auto client = std::make_unique<Client>(*this);
  clients_.insert(client.get());
  return client;
}

void EventFeed::submit(const exporter::BatchPtr& batch) {
  const std::lock_guard lock(mutex_);
  for (auto* client : clients_) push(*client, batch);
}

void EventFeed::push(Client& client, const exporter::BatchPtr& batch) {
  const bool idle = client.batches_.empty() && client.lost_ == 0;
  const auto size = batch->memory_size();
  // A loss is told in its place: nothing is queued behind one.
  const bool fits = client.lost_ == 0 &&
                    (client.batches_.empty() || client.bytes_ + size <= options_.queued_bytes);
  if (fits) {
    client.batches_.push_back(batch);
    client.bytes_ += size;
  } else {
    client.lost_ += batch->events.size();
    exporter::count_lost(*batch, monitor::LossReason::sink_queue_full, statistics_.lost);
  }
  if (idle && client.wake_) client.wake_();
}

void EventFeed::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto* client : clients_) {
    if (client->wake_) client->wake_();
  }
}

void EventFeed::count_sent(monitor::EventKind kind) {
  const std::lock_guard lock(mutex_);
  ++statistics_.written.at(static_cast<std::size_t>(kind));
}

void EventFeed::count_too_long(monitor::EventKind kind) {
  const std::lock_guard lock(mutex_);
  const auto reason = static_cast<std::size_t>(monitor::LossReason::sink_queue_full);
  ++statistics_.lost.at(static_cast<std::size_t>(kind)).at(reason);
}

exporter::SinkStatistics EventFeed::statistics() const {
  const std::lock_guard lock(mutex_);
  auto statistics = statistics_;
  for (const auto* client : clients_) statistics.queued_bytes += client->bytes_;
  return statistics;
}

void FeedSink::submit(exporter::BatchPtr batch) noexcept {
  try {
    feed_->submit(batch);
  } catch (const std::exception&) {  // no memory to queue it
    for (const auto& event : batch->events) feed_->count_too_long(event.kind);
  }
}

}  // namespace mexport::api
