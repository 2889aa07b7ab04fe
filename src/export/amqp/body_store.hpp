// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/spool/spool.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter::amqp {

/// Where bodies wait that the broker has not taken over: a Spool, or memory where there is none.
/// The calls are Spool's. One owner, one thread.
class BodyStore {
 public:
  virtual ~BodyStore() = default;

  virtual base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies) = 0;
  virtual base::Result<std::vector<SpooledBody>> oldest(std::string_view routing_key,
                                                        std::int64_t after_id,
                                                        std::size_t max_bodies,
                                                        std::size_t max_bytes) = 0;
  virtual base::Status pass(std::string_view routing_key, const SpoolCursor& cursor) = 0;
  virtual std::optional<SpoolCursor> cursor(std::string_view routing_key) const = 0;
  virtual std::map<std::string, SpoolStatistics> by_routing_key() const = 0;

  /// Whether what it holds is there for the next run.
  virtual bool durable() const = 0;
};

}  // namespace mexport::exporter::amqp
