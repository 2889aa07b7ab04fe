// SPDX-License-Identifier: MIT
#pragma once

#include "api/limits.hpp"
#include "api/request_handler.hpp"
#include "api/server_counters.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <memory>

namespace mexport::api {

/// What all sessions of a server share. Used on the server's thread alone.
struct SessionContext {
  RequestHandler& handler;
  boost::asio::thread_pool& work;  ///< where answers are made: they may take a while
  const base::Clock& clock;
  ServerCounters& counters;
  Limits limits{};
  base::Logger log{};
  bool closing = false;
  std::size_t waiting_bodies = 0;  ///< bytes
};

/// One client's connection. Belongs to the server's thread; ends with the coroutine of run().
class Session {
 public:
  Session(SessionContext& context, boost::asio::ip::tcp::socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Serves one request after the other until the client or the server has had enough.
  static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);
  /// The same for a client too many: says so to its first request.
  static boost::asio::awaitable<void> turn_away(std::shared_ptr<Session> self);

  /// The server is being stopped: ends at once what waits for a client, and streams at their next
  /// piece. An answer that is being made is still sent.
  void begin_close();
  /// Ends it wherever it is.
  void abort();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::api
