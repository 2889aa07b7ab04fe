// SPDX-License-Identifier: MIT
#pragma once

#include "api/event_feed.hpp"
#include "api/event_filter.hpp"
#include "api/message.hpp"
#include "api/router.hpp"

#include <memory>
#include <string>

namespace mexport::api {

/// A single event's text beyond this is not sent, and counts as lost.
inline constexpr std::size_t kMaxStreamedEvent = 1 << 20;

/// Events as a stream of server-sent events (WHATWG HTML, section 9.2):
///
///     id: bitswap_message-17
///     event: bitswap_message
///     data: {…}
///
/// What the client was too slow for is told in its place, with `event: lost` and a count.
class EventStream final : public BodySource {
 public:
  EventStream(EventFeed& feed, std::unique_ptr<EventFeed::Client> client, EventFilter filter)
      : feed_(feed), client_(std::move(client)), filter_(std::move(filter)) {}

  Step next(std::string& out) override;
  void on_more(std::function<void()> wake) override { client_->on_more(std::move(wake)); }
  std::string_view sign_of_life() const override { return ":\n\n"; }

 private:
  void append(const exporter::Batch& batch, std::string& out);
  void append(const exporter::EventRef& event, std::string_view text, std::string& out);
  void append_lost(std::uint64_t count, std::string& out) const;
  void append_large(const exporter::Batch& batch, std::string& out);

  EventFeed& feed_;
  std::unique_ptr<EventFeed::Client> client_;
  EventFilter filter_;
};

/// Adds `/api/v1/events`. `feed` outlives the router.
void add_event_methods(Router& router, EventFeed& feed);

}  // namespace mexport::api
