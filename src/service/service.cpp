// SPDX-License-Identifier: MIT
#include "service/service.hpp"

#include "config/render_config.hpp"
#include "export/peerstore/peerstore_sink.hpp"
#include "export/trace_files.hpp"
#include "export/trace_sink.hpp"

#include "service/options.hpp"
#include <fmt/format.h>

#include <utility>

namespace mexport::service {

namespace {

exporter::NamedStatistics statistics_of(const std::vector<std::unique_ptr<exporter::Sink>>& sinks) {
  exporter::NamedStatistics named;
  for (const auto& sink : sinks) named.emplace_back(sink->name(), sink->statistics());
  return named;
}

std::unexpected<std::string> failed(std::string what, std::error_code error) {
  return std::unexpected(fmt::format("{}: {}", what, error.message()));
}

/// Of all traces, for people.
std::string directories_of(const config::Config& config) {
  std::string text;
  for (const auto& sink : config::trace_sinks(config.monitor)) {
    if (!text.empty()) text += " or ";
    text += trace_options(config, sink).directory;
  }
  return text;
}

std::string what_is_recorded(const monitor::PrivacyInfo& privacy) {
  auto text = fmt::format("addresses ({}), peer ids ({}), CIDs", to_string(privacy.addresses),
                          privacy.keyed_peers ? "keyed, key " + privacy.key_id : "full");
  if (privacy.excluded_peers + privacy.excluded_subnets > 0) {
    text += fmt::format("; {} peers and {} subnets are excluded", privacy.excluded_peers,
                        privacy.excluded_subnets);
  }
  return text;
}

}  // namespace

Service::Service(Options options, const base::Clock& clock, base::Random& random, base::Logger log)
    : options_(std::move(options)), clock_(clock), random_(random), log_(std::move(log)) {}

std::expected<std::unique_ptr<Service>, std::string> Service::open(Options options,
                                                                   const base::Clock& clock,
                                                                   base::Random& random,
                                                                   base::Logger log) {
  std::unique_ptr<Service> service(new Service(std::move(options), clock, random, std::move(log)));
  if (auto assembled = service->assemble(); !assembled) {
    return std::unexpected(std::move(assembled.error()));
  }
  return service;
}

Service::~Service() {
  stop_api(std::chrono::milliseconds(0));
  stop(std::chrono::milliseconds(0));
}

std::expected<void, std::string> Service::assemble() {
  if (auto bound = bind_api(); !bound) return bound;
  privacy_ = std::make_shared<const monitor::Privacy>(privacy_options(config_, options_.peer_key));
  auto pipeline = pipeline_options(config_);
  pipeline.privacy = privacy_;
  pipeline_ = std::make_unique<exporter::Pipeline>(std::move(pipeline), clock_, random_,
                                                   log_.with_component("export"));
  if (auto added = add_trace_sinks(); !added) return added;
  if (auto added = add_amqp_sinks(); !added) return added;
  add_peerstore_sink();
  if (server_) pipeline_->add_sink(std::make_unique<api::FeedSink>(feed_));
  return {};
}

std::expected<void, std::string> Service::start(monitor::Host& host) {
  host_ = std::make_unique<WatchedHost>(host);
  if (const auto status = pipeline_->start(*host_); !status) {
    return failed("cannot begin a trace in " + directories_of(config_), status.error());
  }
  if (config_.monitor.enable_bitswap_discovery_probe) {
    probe_ = std::make_unique<monitor::Probe>(*host_, clock_, probe_limits(config_));
    log_.info("the discovery probe is on: requests to the API ask all connected peers");
  }
  auto metrics = metrics_options(config_);
  metrics.kubos_own = options_.metrics == Scope::process;
  metrics_ =
      std::make_unique<Metrics>(metrics, *host_, *pipeline_, peerstore_,
                                server_ ? &server_->counters() : nullptr, clock_, options_.metrics);
  if (server_) start_api();
  return {};
}

std::map<std::string, std::uint64_t> Service::counters() {
  auto counters = host_->glance().counters;
  for (const auto& sink : pipeline_->sinks()) counters.merge(sink->statistics().counters);
  return counters;
}

std::vector<std::string> Service::api_urls() const {
  return server_ ? server_->urls() : std::vector<std::string>();
}

void Service::stop_api(std::chrono::milliseconds patience) {
  if (server_) server_->stop(patience);
}

void Service::stop(std::chrono::milliseconds patience) {
  if (pipeline_) pipeline_->stop(patience);
}

std::expected<void, std::string> Service::add_trace_sinks() {
  const auto sinks = config::trace_sinks(config_.monitor);
  if (sinks.empty()) log_.warn("traces are switched off: nothing is recorded");
  for (const auto& sink : sinks) {
    if (auto added = add_trace_sink(sink); !added) return added;
  }
  return {};
}

std::expected<void, std::string> Service::add_trace_sink(const config::TraceSink& described) {
  const auto options = trace_options(config_, described);
  const auto earlier = exporter::list_traces(disk_, options.directory);
  auto sink = exporter::TraceSink::create(options, clock_, disk_, log_.with_component("trace"));
  if (!sink) return failed("cannot write traces to " + options.directory, sink.error());
  const auto& traces = described.traces;
  const auto recorded =
      fmt::format("{}; MaxAge {}, MaxBytes {}", what_is_recorded(privacy_->info()),
                  config::max_age_text(traces), config::max_bytes_text(traces));
  if (!earlier || earlier->empty()) {
    log_.warn("this records personal data in {}: {}", options.directory, recorded);
  } else {
    log_.info("recording in {}: {}", options.directory, recorded);
  }
  pipeline_->add_sink(std::move(*sink));
  return {};
}

std::expected<void, std::string> Service::add_amqp_sinks() {
  for (const auto& sink : config::amqp_sinks(config_.monitor)) {
    if (auto added = add_amqp_sink(sink); !added) return added;
  }
  return {};
}

std::expected<void, std::string> Service::add_amqp_sink(const config::AmqpSink& described) {
  auto options = amqp_options(config_.monitor.monitor_name, described);
  for (const auto& broker : options.brokers) {
    log_.info("events go to {} for {}", broker.to_string(), options.monitor_name);
  }
  const auto spool = options.spool_path.value_or("");
  auto sink = exporter::amqp::AmqpSink::create(std::move(options), clock_, random_,
                                               log_.with_component("amqp"));
  if (!sink) return failed("cannot open the spool " + spool, sink.error());
  pipeline_->add_sink(std::move(*sink));
  return {};
}

void Service::add_peerstore_sink() {
  if (!config_.monitor.peerstore.enabled) return;
  peerstore_ = std::make_shared<exporter::Peerstore>(peerstore_options(config_, privacy_->info()),
                                                     log_.with_component("peerstore"));
  pipeline_->add_sink(std::make_unique<exporter::PeerstoreSink>(peerstore_));
}

std::expected<void, std::string> Service::bind_api() {
  const auto& addresses = config_.monitor.http_listen_addresses;
  if (addresses.empty()) return {};
  auto server = api::Server::bind({.listen = addresses}, clock_, log_.with_component("api"));
  if (!server) return std::unexpected(std::move(server.error()));
  server_ = std::move(*server);
  return {};
}

void Service::start_api() {
  api::Sources sources{
      .clock = clock_,
      .run_info = [this] { return pipeline_->run_info(); },
      .host = [this] { return host_->glance(); },
      .peers = [this] { return host_->peers(); },
      .probe = probe_.get(),
      .peerstore = peerstore_,
      .pipeline = [this] { return pipeline_->statistics(); },
      .sinks = [this] { return statistics_of(pipeline_->sinks()); },
      .metrics = [this] { return metrics_->text(); },
      .set_log_level = options_.set_log_level,
      .log_components = options_.log_components,
      .api_urls = server_->urls(),
  };
  api_ = std::make_unique<api::Api>(options_.api_token, std::move(sources), *feed_);
  server_->start(*api_);
}

}  // namespace mexport::service
