// SPDX-License-Identifier: MIT
#pragma once

#include "api/api.hpp"
#include "api/event_feed.hpp"
#include "api/server.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "config/document.hpp"
#include "export/peerstore/peerstore.hpp"
#include "export/pipeline.hpp"
#include "export/system_disk.hpp"
#include "monitor/host.hpp"
#include "monitor/privacy.hpp"
#include "monitor/probe.hpp"

#include "service/metrics.hpp"
#include "service/watched_host.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::service {

/// All of a monitor but its host: from the facts that a host submits to sinks, metrics, probe and
/// HTTP API, as the configuration says. The program puts our node before it, the C ABI another
/// host. Belongs to one thread, which is none of the host's.
///
/// Order of use: open(), add_source() per thread of the host, start(), stop_api(), … the host ends
/// …, stop().
class Service {
 public:
  struct Options {
    config::Config config;
    std::optional<monitor::PeerKey> peer_key;  ///< where peer ids are to be keyed
    std::string api_token;                     ///< where the API is served
    /// As of api::Sources.
    std::function<void(std::string_view component, base::LogLevel)> set_log_level;
    std::vector<std::string> log_components;
    Scope metrics = Scope::process;
  };

  /// Binds the API's addresses and opens the sinks. `clock` and `random` outlive it. The error is a
  /// line for the operator; nothing is left behind then.
  static std::expected<std::unique_ptr<Service>, std::string> open(Options options,
                                                                   const base::Clock& clock,
                                                                   base::Random& random,
                                                                   base::Logger log);
  /// Stops; the host is gone by then.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const std::shared_ptr<const monitor::Privacy>& privacy() const { return privacy_; }
  monitor::ObservationSink& add_source() { return pipeline_->add_source(); }

  /// Begins to record and to serve. `host` answers until stop() has returned.
  std::expected<void, std::string> start(monitor::Host& host);

  const exporter::Pipeline& pipeline() const { return *pipeline_; }
  /// As WatchedHost::glance().
  monitor::HostStatistics glance() { return host_->glance(); }
  /// The host's, and those of all sinks.
  std::map<std::string, std::uint64_t> counters();
  std::vector<std::string> api_urls() const;
  /// What Prometheus reads, in its text format. Thread-safe; may take tens of milliseconds.
  std::string metrics_text() const { return metrics_->text(); }
  /// Begins new trace files.
  void reopen() { pipeline_->reopen(); }

  /// No request is answered any more; those under way get `patience`.
  void stop_api(std::chrono::milliseconds patience);
  /// Once the host submits nothing any more: what it did goes to the sinks, which get `patience`.
  /// Idempotent.
  void stop(std::chrono::milliseconds patience);

 private:
  Service(Options options, const base::Clock& clock, base::Random& random, base::Logger log);

  std::expected<void, std::string> assemble();
  std::expected<void, std::string> bind_api();
  std::expected<void, std::string> add_trace_sinks();
  std::expected<void, std::string> add_trace_sink(const config::TraceSink& described);
  std::expected<void, std::string> add_amqp_sinks();
  std::expected<void, std::string> add_amqp_sink(const config::AmqpSink& described);
  void add_peerstore_sink();
  void start_api();

  const Options options_;
  const config::Config& config_ = options_.config;
  const base::Clock& clock_;
  base::Random& random_;
  base::Logger log_;
  exporter::SystemDisk disk_;
  std::shared_ptr<const monitor::Privacy> privacy_;
  std::shared_ptr<exporter::Peerstore> peerstore_;  // null: none is kept
  // From here on each uses those before it: the order of destruction matters.
  std::unique_ptr<exporter::Pipeline> pipeline_;
  std::unique_ptr<WatchedHost> host_;
  std::unique_ptr<monitor::Probe> probe_;  // null when it is off
  std::unique_ptr<Metrics> metrics_;
  std::shared_ptr<api::EventFeed> feed_ = std::make_shared<api::EventFeed>();
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<api::Server> server_;  // null without an API
};

}  // namespace mexport::service
