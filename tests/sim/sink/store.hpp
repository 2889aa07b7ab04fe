// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/body_store.hpp"
#include "tests/sim/sink/ledger.hpp"

#include <memory>
#include <system_error>
#include <utility>

namespace mexport::sim::sink {

/// A store that lasts longer than the process which uses it, and that can run full.
class Store final : public exporter::amqp::BodyStore {
 public:
  /// `ledger` outlives it.
  Store(std::unique_ptr<exporter::amqp::BodyStore> inner, Ledger& ledger)
      : inner_(std::move(inner)), ledger_(ledger) {}

  base::Result<std::vector<exporter::SpooledBody>> append(
      std::span<exporter::SpooledBody> bodies) override {
    if (failing) return base::fail(std::make_error_code(std::errc::no_space_on_device));
    auto gone = inner_->append(bodies);
    if (!gone) return gone;
    for (const auto& body : *gone) {
      ledger_.entry(ledger_.find(body.routing_key, body.run_id, body.first)).evicted = true;
    }
    return gone;
  }
  base::Result<std::vector<exporter::SpooledBody>> oldest(std::string_view key, std::int64_t after,
                                                          std::size_t bodies,
                                                          std::size_t bytes) override {
    return inner_->oldest(key, after, bodies, bytes);
  }
  base::Status pass(std::string_view key, const exporter::SpoolCursor& cursor) override {
    return inner_->pass(key, cursor);
  }
  std::optional<exporter::SpoolCursor> cursor(std::string_view key) const override {
    return inner_->cursor(key);
  }
  std::map<std::string, exporter::SpoolStatistics> by_routing_key() const override {
    return inner_->by_routing_key();
  }
  bool durable() const override { return true; }

  bool failing = false;

 private:
  std::unique_ptr<exporter::amqp::BodyStore> inner_;
  Ledger& ledger_;
};

}  // namespace mexport::sim::sink
