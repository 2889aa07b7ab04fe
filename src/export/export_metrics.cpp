// SPDX-License-Identifier: MIT
#include "export/export_metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace mexport::exporter {

namespace {

using metrics::Families;
using metrics::Family;
using metrics::Labels;
using metrics::Type;

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

std::uint64_t sum(const std::array<std::uint64_t, monitor::kEventKinds>& by_kind) {
  return std::reduce(by_kind.begin(), by_kind.end(), std::uint64_t{0});
}

std::uint64_t sum(const monitor::LossTable& table) {
  std::uint64_t total = 0;
  for (const auto& by_reason : table) {
    total = std::reduce(by_reason.begin(), by_reason.end(), total);
  }
  return total;
}

/// One series per reason and kind that there was; all of them would be many zeros.
void add_lost(Family& family, const std::string& sink, const monitor::LossTable& table) {
  for (std::size_t kind = 0; kind < table.size(); ++kind) {
    for (std::size_t reason = 0; reason < table.at(kind).size(); ++reason) {
      const auto count = table.at(kind).at(reason);
      if (count == 0) continue;
      family.add({{"sink", sink},
                  {"kind", std::string(to_string(static_cast<monitor::EventKind>(kind)))},
                  {"reason", std::string(to_string(static_cast<monitor::LossReason>(reason)))}},
                 count);
    }
  }
}

void add_events(Family& family, const std::string& sink,
                const std::array<std::uint64_t, monitor::kEventKinds>& events) {
  for (std::size_t kind = 0; kind < events.size(); ++kind) {
    family.add(
        {{"sink", sink}, {"kind", std::string(to_string(static_cast<monitor::EventKind>(kind)))}},
        events.at(kind));
  }
}

metrics::Histogram to_metric(const LatencyHistogram& latency) {
  metrics::Histogram histogram;
  for (std::size_t i = 0; i < LatencyHistogram::kBounds; ++i) {
    histogram.bounds.push_back(seconds(LatencyHistogram::bound(i)));
  }
  histogram.counts.assign(latency.counts.begin(), latency.counts.end());
  histogram.sum = seconds(latency.sum);
  return histogram;
}

metrics::Histogram to_metric(const SizeHistogram& sizes) {
  metrics::Histogram histogram;
  for (std::size_t i = 0; i < SizeHistogram::kBounds; ++i) {
    histogram.bounds.push_back(static_cast<double>(SizeHistogram::bound(i)));
  }
  histogram.counts.assign(sizes.counts.begin(), sizes.counts.end());
  histogram.sum = static_cast<double>(sizes.sum);
  return histogram;
}

void collect_pipeline(const PipelineStatistics& pipeline, Families& families) {
  const auto one = [&](const char* name, Type type, const char* help, std::uint64_t value) {
    families.push_back({name, type, help, {{{}, static_cast<double>(value)}}});
  };
  one("mexport_encoded_bytes_total", Type::counter, "Bytes of events encoded.", pipeline.bytes);
  one("mexport_facts_queued", Type::gauge, "Facts that wait for the export thread.",
      pipeline.queued);
  Family events{"mexport_events_total", Type::counter, "Events handed to the sinks, by kind.", {}};
  for (std::size_t kind = 0; kind < pipeline.events.size(); ++kind) {
    events.add({{"kind", std::string(to_string(static_cast<monitor::EventKind>(kind)))}},
               pipeline.events.at(kind));
  }
  families.push_back(std::move(events));
}

void collect_sinks(const PipelineStatistics& pipeline, const NamedStatistics& sinks,
                   Families& families) {
  Family written{"mexport_sink_events_total",
                 Type::counter,
                 "Events written or confirmed, by sink and kind.",
                 {}};
  Family lost{"mexport_events_lost_total",
              Type::counter,
              "Events lost, by sink, kind and reason; `pipeline`: before all sinks.",
              {}};
  Family bytes{
      "mexport_sink_bytes_total", Type::counter, "Bytes written or sent, after compression.", {}};
  Family errors{"mexport_sink_errors_total", Type::counter, "Failed writes or connections.", {}};
  Family queued{"mexport_queue_bytes",
                Type::gauge,
                "Memory of what waits, by queue; `facts`: for the export thread.",
                {}};
  queued.add({{"queue", "facts"}}, pipeline.queued_bytes);
  add_lost(lost, "pipeline", pipeline.lost);
  for (const auto& [name, sink] : sinks) {
    add_events(written, name, sink.written);
    add_lost(lost, name, sink.lost);
    bytes.add({{"sink", name}}, sink.bytes_out);
    errors.add({{"sink", name}}, sink.errors);
    queued.add({{"queue", name}}, sink.queued_bytes);
  }
  for (auto* family : {&written, &lost, &bytes, &errors, &queued}) {
    families.push_back(std::move(*family));
  }
}

void collect_delivery(const NamedStatistics& sinks, Families& families) {
  Family connected{"mexport_sink_connected", Type::gauge, "Whether a server takes events.", {}};
  Family blocked{"mexport_sink_blocked", Type::gauge, "Whether the server asked for a pause.", {}};
  Family batches{
      "mexport_sink_batches_total", Type::counter, "Batches by what the server made of them.", {}};
  Family flight{"mexport_sink_batches_in_flight", Type::gauge, "Sent and not confirmed.", {}};
  Family spooled{"mexport_spool_batches", Type::gauge, "Batches on disk.", {}};
  Family spool{"mexport_spool_bytes", Type::gauge, "Bytes on disk, compressed.", {}};
  Family lag{"mexport_sink_lag_seconds",
             Type::gauge,
             "Age of the oldest batch that is not confirmed.",
             {}};
  Family latency{"mexport_sink_publish_latency_seconds",
                 Type::histogram,
                 "From a batch's first sending to its confirmation.",
                 {}};
  Family sizes{"mexport_sink_batch_events",
               Type::histogram,
               "Events of a batch, when it is first sent.",
               {}};
  for (const auto& [name, sink] : sinks) {
    if (!sink.delivery) continue;
    const auto& delivery = *sink.delivery;
    const Labels labels{{"sink", name}};
    connected.add(labels, delivery.connected ? 1.0 : 0.0);
    blocked.add(labels, delivery.blocked ? 1.0 : 0.0);
    batches.add({{"sink", name}, {"outcome", "confirmed"}}, delivery.batches_confirmed);
    batches.add({{"sink", name}, {"outcome", "returned"}}, delivery.batches_returned);
    batches.add({{"sink", name}, {"outcome", "refused"}}, delivery.batches_refused);
    flight.add(labels, delivery.batches_in_flight);
    spooled.add(labels, delivery.spooled_batches);
    spool.add(labels, delivery.spooled_bytes);
    lag.add(labels, seconds(delivery.lag));
    latency.samples.push_back({labels, 0, to_metric(delivery.latency)});
    sizes.samples.push_back({labels, 0, to_metric(delivery.batch_events)});
  }
  for (auto* family :
       {&connected, &blocked, &batches, &flight, &spooled, &spool, &lag, &latency, &sizes}) {
    families.push_back(std::move(*family));
  }
}

void collect_reference(const NamedStatistics& sinks, Families& families) {
  Family bytes{"plugin_metric_export_wiretap_sent_bytes",
               Type::counter,
               "Bytes to RabbitMQ, before and after compression.",
               {}};
  Family events{"plugin_metric_export_wiretap_processed_events",
                Type::counter,
                "Events for RabbitMQ, by whether they were lost.",
                {}};
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
  bool publishes = false;
  for (const auto& [name, sink] : sinks) {
    if (!sink.delivery) continue;
    publishes = true;
    before += sink.delivery->uncompressed_bytes;
    after += sink.bytes_out;
    sent += sum(sink.written);
    dropped += sum(sink.lost);
  }
  if (publishes) {
    bytes.add({{"compressed", "false"}}, before);
    bytes.add({{"compressed", "true"}}, after);
    events.add({{"dropped", "false"}}, sent);
    events.add({{"dropped", "true"}}, dropped);
  }
  families.push_back(std::move(bytes));
  families.push_back(std::move(events));
}

}  // namespace

void collect_export(const PipelineStatistics& pipeline, const NamedStatistics& sinks,
                    Families& families) {
  collect_pipeline(pipeline, families);
  collect_sinks(pipeline, sinks, families);
  collect_delivery(sinks, families);
  collect_reference(sinks, families);
}

}  // namespace mexport::exporter
