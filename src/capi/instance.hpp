// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "capi/command_queue.hpp"
#include "capi/foreign_host.hpp"
#include "config/prepare.hpp"

#include "service/service.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::capi {

/// What mexport_start() is told.
struct StartOptions {
  std::string section;  ///< JSON; empty: none
  std::filesystem::path data_dir;
  HostIdentity host;
};
/// The error names what is wrong.
std::expected<StartOptions, std::string> parse_start_options(std::string_view json);

/// A monitor with a host of another kind: what a mexport_monitor is. Thread-safe.
class Instance {
 public:
  /// The error is some lines for the operator; nothing is left behind then.
  static std::expected<std::unique_ptr<Instance>, std::string> start(const StartOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// How many records; nullopt when the batch was refused.
  std::optional<std::size_t> submit(base::ByteView batch);
  bool stopped() const { return stopped_; }
  CommandQueue& commands() { return commands_; }
  std::string metrics() const { return service_->metrics_text(); }
  std::string api_urls() const;
  void stop(std::chrono::milliseconds patience);
  base::Logger& log() { return log_; }

 private:
  Instance();
  std::expected<void, std::string> assemble(const StartOptions& options);

  base::SystemClock clock_;
  base::SeededRandom random_{base::system_entropy()};
  CommandQueue commands_;
  std::shared_ptr<base::LogTarget> target_;
  base::Logger log_;
  std::optional<config::Prepared> prepared_;
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<ForeignHost> host_;
  std::mutex stopping_;
  std::atomic<bool> stopped_{false};
};

}  // namespace mexport::capi
