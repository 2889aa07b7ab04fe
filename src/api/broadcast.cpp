// SPDX-License-Identifier: MIT
#include "api/broadcast.hpp"

#include "api/broadcast_request.hpp"
#include "api/json_object.hpp"
#include "api/probe_pages.hpp"
#include "api/reference_api.hpp"
#include "export/json_writer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace mexport::api {
namespace {

using monitor::AskKind;
using monitor::PeerReport;
using monitor::Probe;
using monitor::ProbeRequest;
using monitor::SendReport;

/// Writes reports as the reference's answers have them.
class ReportWriter {
 public:
  explicit ReportWriter(std::string& out) : out_(out) {}

  void add(const PeerReport& report, AskKind kind) {
    JsonObject object(out_);
    if (kind == AskKind::want_cancel) {
      object.add("peer", report.peer);
      add_status(JsonObject(object.key("want_status")), report.want);
      add_status(JsonObject(object.key("cancel_status")), report.cancel);
      return;
    }
    const auto& sent = kind == AskKind::want ? report.want : report.cancel;
    add_times(object, sent);
    object.add("peer", report.peer);
    add_type(object, sent);
  }

 private:
  void add_status(JsonObject&& object, const SendReport& sent) {
    add_times(object, sent);
    add_type(object, sent);
  }

  void add_times(JsonObject& object, const SendReport& sent) {
    timestamps_.append(object.key("timestamp_before_send"), sent.before);
    object.add("send_duration_millis",
               std::chrono::duration_cast<std::chrono::milliseconds>(sent.took).count());
    if (!sent.error.empty()) object.add("error", sent.error);
  }

  static void add_type(JsonObject& object, const SendReport& sent) {
    if (sent.want_type) object.add("request_type_sent", static_cast<int>(*sent.want_type));
  }

  std::string& out_;
  exporter::TimestampWriter timestamps_;
};

/// A client that goes away before the answer takes back what has not been sent.
class BroadcastAnswer final : public PendingResponse {
 public:
  BroadcastAnswer(AskKind kind, std::shared_ptr<ProbeRequest> request)
      : kind_(kind), request_(std::move(request)) {}
  ~BroadcastAnswer() override { request_->abandon(); }

  void on_ready(std::function<void()> wake) override { request_->on_end(std::move(wake)); }
  bool ready() const override { return request_->state() != ProbeRequest::State::running; }

  Response take() override {
    if (request_->state() == ProbeRequest::State::stopped) {
      return envelope_error(503, "server closing");
    }
    Response response{.body = R"({"status":200,"result":{"peers":[)"};
    ReportWriter writer(response.body);
    bool first = true;
    for (const auto& report : request_->take()) {
      if (!std::exchange(first, false)) response.body += ',';
      writer.add(report, kind_);
    }
    response.body += "]}}\n";
    return response;
  }

 private:
  const AskKind kind_;
  const std::shared_ptr<ProbeRequest> request_;
};

Response broadcast(const Request& request, AskKind kind, Probe* probe) {
  const bool wants_seconds = kind == AskKind::want_cancel;
  auto parsed = parse_broadcast(request.body, wants_seconds ? Seconds::wanted : Seconds::ignored);
  if (!parsed) return envelope_error(400, "invalid request");
  if (probe == nullptr) return envelope_error(400, "Bitswap probe not enabled");
  auto started =
      probe->start({.kind = kind,
                    .cids = std::move(parsed->cids),
                    .cancel_after = std::chrono::seconds(parsed->seconds_before_cancel)});
  if (!started) {
    const auto refusal = explain(started.error(), probe->limits());
    return envelope_error(refusal.status, refusal.text);
  }
  Response response;
  response.pending = std::make_unique<BroadcastAnswer>(kind, std::move(*started));
  return response;
}

}  // namespace

void add_broadcast_methods(Router& router, Probe* probe) {
  const auto add = [&](std::string_view name, AskKind kind) {
    router.add({.method = "POST",
                .path = fmt::format("{}/{}", kReferenceBase, name),
                .max_body = kMaxBroadcastBody,
                .handler = [kind, probe](const Request& request) {
                  return broadcast(request, kind, probe);
                }});
  };
  add("broadcast_want", AskKind::want);
  add("broadcast_cancel", AskKind::cancel);
  add("broadcast_want_cancel", AskKind::want_cancel);
}

}  // namespace mexport::api
