// SPDX-License-Identifier: MIT
#include "export/amqp/spool_store.hpp"

#include <utility>

namespace mexport::exporter::amqp {

base::Result<std::unique_ptr<SpoolStore>> SpoolStore::open(const std::string& path,
                                                           const Spool::Options& options,
                                                           base::Logger logger) {
  auto spool = Spool::open(path, options);
  if (!spool) return base::fail(spool.error());
  std::unique_ptr<SpoolStore> store(new SpoolStore(std::move(*spool), std::move(logger)));
  store->tell_damage();
  return store;
}

void SpoolStore::tell_damage() {
  const auto damage = spool_->take_damage();
  if (!damage) return;
  logger_.error("the spool was broken ({}) and is now {}; an empty one takes its place",
                damage->reason.message(), damage->moved_to);
  for (const auto& [key, lost] : damage->lost) {
    logger_.error("{} batches with {} events for {} are lost with it", lost.batches, lost.events,
                  key);
  }
}

base::Result<std::vector<SpooledBody>> SpoolStore::append(std::span<SpooledBody> bodies) {
  auto gone = spool_->append(bodies);
  tell_damage();
  return gone;
}

base::Result<std::vector<SpooledBody>> SpoolStore::oldest(std::string_view routing_key,
                                                          std::int64_t after_id,
                                                          std::size_t max_bodies,
                                                          std::size_t max_bytes) {
  auto bodies = spool_->oldest(routing_key, after_id, max_bodies, max_bytes);
  tell_damage();
  return bodies;
}

base::Status SpoolStore::pass(std::string_view routing_key, const SpoolCursor& cursor) {
  auto passed = spool_->pass(routing_key, cursor);
  tell_damage();
  return passed;
}

std::optional<SpoolCursor> SpoolStore::cursor(std::string_view routing_key) const {
  return spool_->cursor(routing_key);
}

std::map<std::string, SpoolStatistics> SpoolStore::by_routing_key() const {
  return spool_->by_routing_key();
}

}  // namespace mexport::exporter::amqp
