// SPDX-License-Identifier: MIT
#include "service/metrics.hpp"

#include "export/export_metrics.hpp"
#include "metrics/process.hpp"
#include "monitor/host_metrics.hpp"

#include "service/version.hpp"

#include <malloc.h>

namespace mexport::service {

namespace {

void collect_memory(metrics::Families& families) {
  const auto info = ::mallinfo2();
  metrics::Family memory{
      "mexport_memory_bytes", metrics::Type::gauge, "Memory of the allocator, by kind.", {}};
  memory.add({{"kind", "used"}}, std::uint64_t{info.uordblks});
  memory.add({{"kind", "mapped"}}, std::uint64_t{info.hblkhd});
  memory.add({{"kind", "spare"}}, std::uint64_t{info.fordblks});
  families.push_back(std::move(memory));
}

void collect_peerstore(exporter::Peerstore& peerstore, metrics::Families& families) {
  const auto statistics = peerstore.statistics();
  metrics::Family peers{"mexport_peerstore_peers",
                        metrics::Type::gauge,
                        "Peers that are remembered, connected or not.",
                        {}};
  peers.add({}, statistics.peers);
  families.push_back(std::move(peers));
  metrics::Family bytes{"mexport_peerstore_bytes",
                        metrics::Type::gauge,
                        "Bytes of the peer store's file that are in use.",
                        {}};
  bytes.add({}, statistics.bytes);
  families.push_back(std::move(bytes));
}

void collect_version(metrics::Families& families) {
  families.push_back({"ipfs_info",
                      metrics::Type::gauge,
                      "The program's version; always 1.",
                      {{{{"version", std::string(version())}}, 1}}});
}

}  // namespace

Metrics::Metrics(monitor::ReferenceMetrics::Options options, WatchedHost& host,
                 const exporter::Pipeline& pipeline, std::shared_ptr<exporter::Peerstore> peerstore,
                 const api::ServerCounters* api, const base::Clock& clock, Scope scope)
    : reference_(options, host, clock) {
  registry_.add([this, &host](metrics::Families& families) {
    const auto statistics = host.glance();
    reference_.collect(statistics, families);
    monitor::collect_host(statistics, families);
  });
  registry_.add([&pipeline](metrics::Families& families) {
    exporter::NamedStatistics sinks;
    for (const auto& sink : pipeline.sinks()) {
      sinks.emplace_back(sink->name(), sink->statistics());
    }
    exporter::collect_export(pipeline.statistics(), sinks, families);
  });
  if (peerstore) {
    registry_.add([store = std::move(peerstore)](metrics::Families& families) {
      collect_peerstore(*store, families);
    });
  }
  if (api != nullptr) {
    registry_.add([api](metrics::Families& families) { api::collect_server(*api, families); });
  }
  if (scope == Scope::monitor) return;
  registry_.add(metrics::collect_process);
  registry_.add(collect_memory);
  registry_.add(collect_version);
}

}  // namespace mexport::service
