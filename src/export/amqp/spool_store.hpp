// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "export/amqp/body_store.hpp"

#include <memory>

namespace mexport::exporter::amqp {

/// Bodies in a spool on disk. What happens to its file is told in the log.
class SpoolStore final : public BodyStore {
 public:
  static base::Result<std::unique_ptr<SpoolStore>> open(const std::string& path,
                                                        const Spool::Options& options,
                                                        base::Logger logger);

  base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies) override;
  base::Result<std::vector<SpooledBody>> oldest(std::string_view routing_key, std::int64_t after_id,
                                                std::size_t max_bodies,
                                                std::size_t max_bytes) override;
  base::Status pass(std::string_view routing_key, const SpoolCursor& cursor) override;
  std::optional<SpoolCursor> cursor(std::string_view routing_key) const override;
  std::map<std::string, SpoolStatistics> by_routing_key() const override;
  bool durable() const override { return true; }

 private:
  SpoolStore(std::unique_ptr<Spool> spool, base::Logger logger)
      : spool_(std::move(spool)), logger_(std::move(logger)) {}
  void tell_damage();

  std::unique_ptr<Spool> spool_;
  base::Logger logger_;
};

}  // namespace mexport::exporter::amqp
