// SPDX-License-Identifier: MIT
#include "capi/instance.hpp"

#include "config/monitor_name.hpp"

#include "service/notices.hpp"
#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

namespace mexport::capi {

namespace {

namespace json = boost::json;

/// Of all parts that log.
const std::vector<std::string> kLogComponents{"mexport", "config", "export",    "trace", "amqp",
                                              "api",     "host",   "peerstore", "log"};

/// "" where it is absent.
std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return texts;
  for (const auto& item : value->as_array()) {
    if (item.is_string()) texts.emplace_back(item.as_string());
  }
  return texts;
}

}  // namespace

std::expected<StartOptions, std::string> parse_start_options(std::string_view text) {
  boost::system::error_code error;
  const auto document = json::parse({text.data(), text.size()}, error);
  if (error) return std::unexpected("the options are no JSON: " + error.message());
  if (!document.is_object()) return std::unexpected("the options are no JSON object");
  const auto& object = document.as_object();
  StartOptions options;
  if (const auto* section = object.if_contains("config"); section && !section->is_null()) {
    options.section = json::serialize(*section);
  }
  options.data_dir = text_of(object, "data_dir");
  if (!options.data_dir.is_absolute()) {
    return std::unexpected("data_dir: found " +
                           json::serialize(json::value(text_of(object, "data_dir"))) +
                           ", allowed: an absolute path");
  }
  const auto* host = object.if_contains("host");
  if (host == nullptr || !host->is_object()) return std::unexpected("host: not an object");
  options.host = {.peer_id = text_of(host->as_object(), "peer_id"),
                  .listen_addrs = texts_of(host->as_object(), "listen_addrs"),
                  .agent_version = text_of(host->as_object(), "agent_version")};
  if (!multiformats::PeerId::from_string(options.host.peer_id)) {
    return std::unexpected("host.peer_id: found \"" + options.host.peer_id +
                           "\", allowed: a peer id");
  }
  return options;
}

Instance::Instance()
    : target_(std::make_shared<base::LogTarget>(
          [this](base::LogLevel level, std::string_view component, std::string_view text) {
            commands_.log(level, component, text);
          })),
      log_(target_, "mexport") {}

std::expected<std::unique_ptr<Instance>, std::string> Instance::start(const StartOptions& options) {
  std::unique_ptr<Instance> instance(new Instance);
  if (auto assembled = instance->assemble(options); !assembled) {
    return std::unexpected(std::move(assembled.error()));
  }
  return instance;
}

std::expected<void, std::string> Instance::assemble(const StartOptions& options) {
  auto prepared = config::prepare({.data_dir = options.data_dir,
                                   .file = {},
                                   .overrides = {},
                                   .host_name = config::host_name(),
                                   .section = options.section});
  if (!prepared) return std::unexpected(fmt::format("{}", fmt::join(prepared.error(), "\n")));
  prepared_ = std::move(*prepared);
  service::log_notices(prepared_->notices, log_);
  const auto& config = prepared_->config;
  auto service = service::Service::open(
      {.config = config,
       .peer_key = prepared_->peer_key,
       .api_token = prepared_->api_token,
       .set_log_level = [this](std::string_view component,
                               base::LogLevel level) { target_->set_level(component, level); },
       .log_components = kLogComponents,
       .metrics = service::Scope::monitor},
      clock_, random_, log_);
  if (!service) return std::unexpected(std::move(service.error()));
  service_ = std::move(*service);
  HostOptions host{.identity = options.host,
                   .probe = config.monitor.enable_bitswap_discovery_probe,
                   .asker = {}};
  host.asker.peers.interval = std::chrono::nanoseconds(std::chrono::seconds(1)) /
                              std::max<std::int64_t>(config.monitor.probe.peers_per_second, 1);
  host.asker.at_once = config.monitor.probe.peers_at_once;
  host_ = std::make_unique<ForeignHost>(ForeignHost::Parts{.clock = clock_,
                                                           .privacy = service_->privacy(),
                                                           .sink = service_->add_source(),
                                                           .commands = commands_,
                                                           .log = log_.with_component("host")},
                                        std::move(host));
  if (auto started = service_->start(*host_); !started) return started;
  log_.info("run {}: monitor {}, peer {} of {}", service_->pipeline().run_id(),
            config.monitor.monitor_name, options.host.peer_id, options.host.agent_version);
  return {};
}

Instance::~Instance() {
  stop(std::chrono::milliseconds(0));
}

std::optional<std::size_t> Instance::submit(base::ByteView batch) {
  auto records = decode_batch(batch);
  if (!records) {
    const auto& fault = records.error();
    log_.error("a batch of {} bytes is refused: record {} at byte {}: {}", batch.size(),
               fault.record, fault.offset, fault.what);
    host_->count_malformed();
    return std::nullopt;
  }
  const auto count = records->size();
  host_->take(std::move(*records));
  return count;
}

std::string Instance::api_urls() const {
  return fmt::format("{}", fmt::join(service_->api_urls(), "\n"));
}

void Instance::stop(std::chrono::milliseconds patience) {
  const std::lock_guard lock(stopping_);
  if (stopped_) return;
  if (service_) service_->stop_api(patience / 4);
  if (host_) host_->stop_asking();
  stopped_ = true;
  if (host_) host_->stop();
  if (service_) service_->stop(patience);
  commands_.close();
}

}  // namespace mexport::capi
