// SPDX-License-Identifier: MIT
#include "export/amqp/memory_store.hpp"

#include <algorithm>
#include <utility>

namespace mexport::exporter::amqp {

base::Result<std::vector<SpooledBody>> MemoryStore::append(std::span<SpooledBody> bodies) {
  for (auto& body : bodies) {
    body.id = ++last_id_;
    bytes_ += body.body.size();
    bodies_.push_back(body);
  }
  std::vector<SpooledBody> gone;
  while (bytes_ > max_bytes_ && !bodies_.empty()) {
    bytes_ -= bodies_.front().body.size();
    gone.push_back(std::move(bodies_.front()));
    gone.back().body.clear();
    bodies_.pop_front();
  }
  return gone;
}

base::Result<std::vector<SpooledBody>> MemoryStore::oldest(std::string_view routing_key,
                                                           std::int64_t after_id,
                                                           std::size_t max_bodies,
                                                           std::size_t max_bytes) {
  std::vector<SpooledBody> found;
  std::size_t bytes = 0;
  for (const auto& body : bodies_) {
    if (body.id <= after_id || body.routing_key != routing_key) continue;
    if (found.size() == max_bodies || bytes >= max_bytes) break;
    bytes += body.body.size();
    found.push_back(body);
  }
  return found;
}

base::Status MemoryStore::pass(std::string_view routing_key, const SpoolCursor& cursor) {
  auto& known = cursors_[std::string(routing_key)];
  const auto id = std::max(known.id, cursor.id);
  known = cursor;
  known.id = id;
  std::erase_if(bodies_, [&](const SpooledBody& body) {
    if (body.id > id || body.routing_key != routing_key) return false;
    bytes_ -= body.body.size();
    return true;
  });
  return {};
}

std::optional<SpoolCursor> MemoryStore::cursor(std::string_view routing_key) const {
  const auto found = cursors_.find(routing_key);
  return found == cursors_.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, SpoolStatistics> MemoryStore::by_routing_key() const {
  std::map<std::string, SpoolStatistics> sums;
  for (const auto& body : bodies_) {
    auto& sum = sums[body.routing_key];
    ++sum.batches;
    sum.bytes += body.body.size();
    sum.events += body.events;
    if (!sum.oldest || body.made < *sum.oldest) sum.oldest = body.made;
  }
  return sums;
}

}  // namespace mexport::exporter::amqp
