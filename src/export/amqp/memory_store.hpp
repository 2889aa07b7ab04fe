// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/body_store.hpp"

#include <deque>

namespace mexport::exporter::amqp {

/// Bodies in memory, for a sink without a spool: the oldest of all routing keys go for the newest.
class MemoryStore final : public BodyStore {
 public:
  explicit MemoryStore(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies) override;
  base::Result<std::vector<SpooledBody>> oldest(std::string_view routing_key, std::int64_t after_id,
                                                std::size_t max_bodies,
                                                std::size_t max_bytes) override;
  base::Status pass(std::string_view routing_key, const SpoolCursor& cursor) override;
  std::optional<SpoolCursor> cursor(std::string_view routing_key) const override;
  std::map<std::string, SpoolStatistics> by_routing_key() const override;
  bool durable() const override { return false; }

 private:
  const std::size_t max_bytes_;
  std::deque<SpooledBody> bodies_;  // by id
  std::map<std::string, SpoolCursor, std::less<>> cursors_;
  std::size_t bytes_ = 0;
  std::int64_t last_id_ = 0;
};

}  // namespace mexport::exporter::amqp
