// SPDX-License-Identifier: MIT
#pragma once

#include "api/limits.hpp"
#include "api/listen_address.hpp"
#include "api/request_handler.hpp"
#include "api/server_counters.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace mexport::api {

/// The HTTP server: one thread for all connections, and one on which answers are made.
///
/// Order of use: bind(), start(), stop(). Between the first two, clients wait.
class Server {
 public:
  struct Options {
    std::vector<ListenAddress> listen;
    Limits limits{};
  };

  /// Binds every address. The error is a line for the operator that names the one that failed;
  /// nothing is bound then. `clock` outlives the server.
  static std::expected<std::unique_ptr<Server>, std::string> bind(const Options& options,
                                                                  const base::Clock& clock,
                                                                  base::Logger log);
  /// Stops.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// As bound: "http://127.0.0.1:8432".
  std::vector<std::string> urls() const;

  const ServerCounters& counters() const;

  /// Serves until stop(), which `handler` outlives. Throws what std::thread throws.
  void start(RequestHandler& handler);

  /// Takes no more connections, ends streams, lets requests that are under way have their answers
  /// (a 503 when they are not complete yet), for `patience` at most. Idempotent.
  void stop(std::chrono::milliseconds patience);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::api
