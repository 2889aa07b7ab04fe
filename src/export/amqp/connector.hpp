// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/link.hpp"

#include <memory>
#include <optional>

namespace mexport::exporter::amqp {

/// Makes a link on a thread of its own: names may take long to look up, and nothing can cut that
/// short. One that is destroyed while it runs leaves its thread to end alone.
class Connector {
 public:
  using Outcome = Link::Result<std::unique_ptr<Link>>;

  ~Connector();

  /// Not while running().
  void start(const Address& address, const LinkOptions& options);
  bool running() const { return attempt_ != nullptr; }
  /// What came of it, once, when there is something.
  std::optional<Outcome> take();

 private:
  struct Attempt;
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace mexport::exporter::amqp
