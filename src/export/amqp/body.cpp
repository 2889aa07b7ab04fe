// SPDX-License-Identifier: MIT
#include "export/amqp/body.hpp"

#include <utility>

namespace mexport::exporter::amqp {

using monitor::EventKind;

namespace {

/// Buffers that a large event has made larger than this are let go.
constexpr std::size_t kMaxIdleBuffer = 1 << 20;

}  // namespace

std::string routing_key(std::string_view monitor_name, EventKind kind) {
  std::string_view suffix;
  if (kind == EventKind::bitswap_message) suffix = ".bitswap_messages";
  if (kind == EventKind::connection_event) suffix = ".conn_events";
  if (kind == EventKind::bitswap_sent) suffix = ".bitswap_sent";
  if (suffix.empty()) return {};
  return std::string("monitor.").append(monitor_name).append(suffix);
}

BodyMaker::BodyMaker(Fields fields, std::string_view monitor_name, std::string run_id,
                     std::span<const EventKind> kinds)
    : fields_(fields),
      monitor_name_(monitor_name),
      run_id_(std::move(run_id)),
      kinds_(kinds.begin(), kinds.end()) {}

void BodyMaker::add(const Batch& batch, base::WallTime made, std::vector<SpooledBody>& out) {
  for (const auto kind : kinds_) add(batch, kind, made, out);
}

void BodyMaker::add(const Batch& batch, EventKind kind, base::WallTime made,
                    std::vector<SpooledBody>& out) {
  SpooledBody body;
  text_.clear();
  for (const auto& event : batch.events) {
    if (event.kind != kind) continue;
    if (body.events++ == 0) body.first = event.sequence;
    body.last = event.sequence;
    text_.push_back(text_.empty() ? '[' : ',');
    if (fields_ == Fields::reference) {
      batch.append_reference(event, text_);
    } else {
      text_.append(batch.extended(event));
    }
  }
  if (body.events == 0) return;
  text_.append("]\n");

  compressed_.clear();
  gzip_.begin(compressed_);
  gzip_.write(text_, compressed_);
  base::append(compressed_, gzip_.flush(compressed_));
  body.body = base::to_bytes(compressed_);  // with no more memory than it needs: many may wait
  body.routing_key = routing_key(monitor_name_, kind);
  body.kind = kind;
  body.run_id = run_id_;
  body.uncompressed = text_.size();
  body.made = made;
  out.push_back(std::move(body));
  if (text_.capacity() > kMaxIdleBuffer) text_ = {};
  if (compressed_.capacity() > kMaxIdleBuffer) compressed_ = {};
}

}  // namespace mexport::exporter::amqp
