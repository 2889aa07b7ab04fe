// SPDX-License-Identifier: MIT
#include "export/amqp/connector.hpp"

#include "base/thread_name.hpp"

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace mexport::exporter::amqp {

/// Shared with the thread, which may outlive the connector. A link that nobody waits for is closed
/// by whoever lets go of this last.
struct Connector::Attempt {
  std::mutex mutex;
  std::optional<Outcome> outcome;
};

Connector::~Connector() = default;

void Connector::start(const Address& address, const LinkOptions& options) {
  attempt_ = std::make_shared<Attempt>();
  try {
    std::thread([attempt = attempt_, address, options] {
      base::name_this_thread("amqp-connect");
      auto outcome = Link::open(address, options);
      const std::lock_guard lock(attempt->mutex);
      attempt->outcome = std::move(outcome);
    }).detach();
  } catch (const std::system_error& error) {
    attempt_->outcome = std::unexpected(LinkError{error.what()});
  }
}

std::optional<Connector::Outcome> Connector::take() {
  if (!attempt_) return std::nullopt;
  std::optional<Outcome> outcome;
  {
    const std::lock_guard lock(attempt_->mutex);
    outcome = std::move(attempt_->outcome);
  }
  if (outcome) attempt_.reset();
  return outcome;
}

}  // namespace mexport::exporter::amqp
