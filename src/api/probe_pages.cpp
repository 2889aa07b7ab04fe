// SPDX-License-Identifier: MIT
#include "api/probe_pages.hpp"

#include "api/json_object.hpp"
#include "api/probe_request.hpp"
#include "multiformats/cid.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace mexport::api {
namespace {

using monitor::AskKind;
using monitor::Probe;
using monitor::ProbeRequest;

constexpr const char* kLines = "application/x-ndjson";
/// Of a request's CIDs that its entry names.
constexpr std::size_t kShownCids = 16;

std::string_view name_of(AskKind kind) {
  switch (kind) {
    case AskKind::want:
      return "want";
    case AskKind::cancel:
      return "cancel";
    case AskKind::want_cancel:
      break;
  }
  return "want_cancel";
}

std::int64_t milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

void add_peers(JsonObject& object, const ProbeRequest::Counts& counts) {
  object.add("peers_asked", counts.asked);
  object.add("peers_failed", counts.failed);
  object.add("peers_silent", counts.silent);
}

void append_entry(const ProbeRequest& request, std::string& out) {
  const auto& ask = request.ask();
  const auto counts = request.counts();
  JsonObject object(out);
  object.add("request", ask.request);
  object.add("kind", name_of(ask.kind));
  object.add("state", to_string(request.state()));
  exporter::TimestampWriter().append(object.key("started_at"), request.started());
  object.add("seconds_before_cancel", ask.cancel_after.count());
  object.add("cid_count", ask.cids.size());
  std::vector<std::string> cids;
  for (std::size_t i = 0; i < std::min(ask.cids.size(), kShownCids); ++i) {
    cids.push_back(ask.cids[i].to_string());
  }
  exporter::append_json_strings(object.key("cids"), cids);
  add_peers(object, counts);
  ProbeRequest::CidCounts sum;
  for (const auto& one : counts.cids) {
    sum.have += one.have;
    sum.dont_have += one.dont_have;
    sum.blocks += one.blocks;
  }
  object.add("have", sum.have);
  object.add("dont_have", sum.dont_have);
  object.add("blocks", sum.blocks);
}

Response list_requests(const Probe& probe) {
  Response response{.content_type = std::string(kJson), .body = "{\"requests\":["};
  response.headers.emplace_back("Cache-Control", "no-store");
  bool first = true;
  for (const auto& request : probe.requests()) {
    if (!std::exchange(first, false)) response.body += ',';
    append_entry(*request, response.body);
  }
  response.body += "]}\n";
  return response;
}

/// What peers say, a line each, until all have their CANCEL; then a summary. A client that goes
/// away takes back what has not been sent.
class ProbeLines final : public BodySource {
 public:
  explicit ProbeLines(std::shared_ptr<ProbeRequest> request) : request_(std::move(request)) {}
  ~ProbeLines() override { request_->abandon(); }

  Step next(std::string& out) override {
    const bool running = request_->state() == ProbeRequest::State::running;  // asked first
    for (const auto& answer : request_->take_answers()) append(answer, out);
    for (const auto& report : request_->take()) append(report, out);
    if (!running) append_summary(out);
    if (!running) return Step::end;
    return out.empty() ? Step::wait : Step::more;
  }
  void on_more(std::function<void()> wake) override { request_->on_news(std::move(wake)); }
  std::string_view sign_of_life() const override { return "\n"; }

 private:
  static void append(const monitor::PeerAnswer& answer, std::string& out) {
    {
      JsonObject line(out);
      line.add("peer", answer.peer);
      line.add("cid", answer.cid.to_string());
      line.add("answer", to_string(answer.kind));
      line.add("after_ms", milliseconds(answer.after));
    }
    out += '\n';
  }

  static void append(const monitor::PeerReport& report, std::string& out) {
    const auto& error = report.want.error.empty() ? report.cancel.error : report.want.error;
    if (error.empty()) return;
    {
      JsonObject line(out);
      line.add("peer", report.peer);
      line.add("error", error);
    }
    out += '\n';
  }

  void append_summary(std::string& out) const {
    const auto counts = request_->counts();
    {
      JsonObject line(out);
      JsonObject summary(line.key("summary"));
      summary.add("request", request_->ask().request);
      summary.add("state", to_string(request_->state()));
      add_peers(summary, counts);
      auto& list = summary.key("cids");
      list += '[';
      for (std::size_t i = 0; i < counts.cids.size(); ++i) {
        if (i > 0) list += ',';
        append_counts(request_->ask().cids[i], counts.cids[i], list);
      }
      list += ']';
    }
    out += '\n';
  }

  static void append_counts(const multiformats::Cid& cid, const ProbeRequest::CidCounts& counts,
                            std::string& out) {
    JsonObject object(out);
    object.add("cid", cid.to_string());
    object.add("have", counts.have);
    object.add("dont_have", counts.dont_have);
    object.add("blocks", counts.blocks);
    if (counts.first) {
      object.add("first_ms", milliseconds(*counts.first));
    } else {
      object.add_null("first_ms");
    }
  }

  const std::shared_ptr<ProbeRequest> request_;
};

Response ask_peers(Probe& probe, const Request& request) {
  auto ask = parse_probe_request(request.body);
  if (!ask) return json_error(400, ask.error());
  auto started = probe.start(std::move(*ask), Probe::Answers::kept);
  if (!started) {
    const auto refusal = explain(started.error(), probe.limits());
    return json_error(refusal.status, refusal.text);
  }
  Response response{.content_type = kLines};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.source = std::make_unique<ProbeLines>(std::move(*started));
  return response;
}

}  // namespace

ProbeRefusal explain(Probe::Refusal refusal, const monitor::ProbeLimits& limits) {
  switch (refusal) {
    case Probe::Refusal::too_many_cids:
      return {400, fmt::format("too many CIDs: {} and {} bytes are allowed", limits.cids,
                               limits.cid_bytes)};
    case Probe::Refusal::cancel_too_late:
      return {400, fmt::format("seconds_before_cancel: {} at most", limits.cancel_after.count())};
    case Probe::Refusal::too_many_requests:
      return {503, fmt::format("{} requests are under way, no more are allowed", limits.requests)};
    case Probe::Refusal::closing:
      break;
  }
  return {503, "server closing"};
}

void add_probe_methods(Router& router, Probe* probe) {
  const auto guarded = [probe](auto answer) {
    return [probe, answer](const Request& request) -> Response {
      if (probe == nullptr) return json_error(404, "the discovery probe is off");
      return answer(*probe, request);
    };
  };
  router.add({.method = "GET",
              .path = "/api/v1/probe",
              .guard = Guard::token,
              .handler = guarded([](Probe& on, const Request&) { return list_requests(on); })});
  router.add({.method = "POST",
              .path = "/api/v1/probe",
              .guard = Guard::token,
              .max_body = kMaxProbeBody,
              .handler = guarded(ask_peers)});
}

}  // namespace mexport::api
