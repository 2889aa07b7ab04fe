// SPDX-License-Identifier: MIT
#include "api/event_stream.hpp"

#include "export/large_event.hpp"

#include <fmt/format.h>

#include <iterator>
#include <system_error>

namespace mexport::api {
namespace {

constexpr std::size_t kPiece = 64 << 10;

Response answer_events(EventFeed& feed, const Request& request) {
  auto filter = parse_event_filter(request.query);
  if (!filter) return json_error(400, filter.error());
  auto client = feed.join();
  if (!client) return json_error(503, "too many clients watch events");
  Response response{.content_type = "text/event-stream"};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.source = std::make_unique<EventStream>(feed, std::move(client), std::move(*filter));
  return response;
}

}  // namespace

BodySource::Step EventStream::next(std::string& out) {
  while (out.size() < kPiece) {
    const auto item = client_->take();
    if (!item) return client_->ended() ? Step::end : Step::wait;
    if (item->lost > 0) append_lost(item->lost, out);
    if (!item->batch) continue;
    if (item->batch->large) {
      append_large(*item->batch, out);
    } else {
      append(*item->batch, out);
    }
  }
  return Step::more;
}

void EventStream::append(const exporter::Batch& batch, std::string& out) {
  for (const auto& event : batch.events) append(event, batch.extended(event), out);
}

void EventStream::append(const exporter::EventRef& event, std::string_view text, std::string& out) {
  if (!filter_.matches(event.kind, text)) return;
  const auto kind = to_string(event.kind);
  fmt::format_to(std::back_inserter(out), "id: {}-{}\nevent: {}\ndata: {}\n\n", kind,
                 event.sequence, kind, text);
  feed_.count_sent(event.kind);
}

void EventStream::append_lost(std::uint64_t count, std::string& out) const {
  fmt::format_to(std::back_inserter(out), "event: lost\ndata: {{\"count\":{}}}\n\n", count);
}

void EventStream::append_large(const exporter::Batch& batch, std::string& out) {
  const auto& event = batch.events.front();
  if (!filter_.wants(event.kind)) return;
  std::string text;
  const auto written = batch.large->write([&](std::string_view piece) -> base::Status {
    if (text.size() + piece.size() > kMaxStreamedEvent) {
      return base::fail(std::make_error_code(std::errc::message_size));
    }
    text += piece;
    return {};
  });
  if (written) {
    if (text.ends_with('\n')) text.pop_back();
    append(event, text, out);
  } else {
    feed_.count_too_long(event.kind);
    append_lost(1, out);
  }
}

void add_event_methods(Router& router, EventFeed& feed) {
  router.add({.method = "GET",
              .path = "/api/v1/events",
              .guard = Guard::token,
              .handler = [&feed](const Request& request) { return answer_events(feed, request); }});
}

}  // namespace mexport::api
