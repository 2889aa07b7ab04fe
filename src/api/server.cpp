// SPDX-License-Identifier: MIT
#include "api/server.hpp"

#include "api/listeners.hpp"
#include "api/session.hpp"
#include "base/thread_name.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace mexport::api {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
/// Without descriptors, accepting would fail again at once.
constexpr std::chrono::milliseconds kAcceptPause{100};
/// The reactor does not tell when the kernel refuses what wakes it: then it is late, not lost.
constexpr std::chrono::milliseconds kLongestSleep{1000};
/// Of clients too many: so many are told, the rest is only closed.
constexpr std::size_t kMaxTurnedAway = 8;

}  // namespace

class Server::Impl {
 public:
  Impl(Limits limits, const base::Clock& clock, base::Logger log)
      : limits_(limits), clock_(clock), log_(std::move(log)) {}

  std::expected<void, std::string> bind(const std::vector<ListenAddress>& addresses) {
    auto bound = bind_all(io_, addresses);
    if (!bound) return std::unexpected(std::move(bound.error()));
    acceptors_ = std::move(*bound);
    return {};
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> texts;
    for (const auto& endpoint : endpoints_) texts.push_back("http://" + endpoint_text(endpoint));
    return texts;
  }

  const ServerCounters& counters() const { return counters_; }

  void remember_endpoints() {
    for (const auto& acceptor : acceptors_) endpoints_.push_back(acceptor.local_endpoint());
  }

  void start(RequestHandler& handler) {
    context_.emplace(SessionContext{.handler = handler,
                                    .work = work_,
                                    .clock = clock_,
                                    .counters = counters_,
                                    .limits = limits_,
                                    .log = log_});
    asio::post(work_, [] { base::name_this_thread("api-answers"); });
    for (auto& acceptor : acceptors_) asio::co_spawn(io_, accept(acceptor), asio::detached);
    thread_ = std::thread([this] {
      base::name_this_thread("api");
      while (!over_) io_.run_for(kLongestSleep);
    });
  }

  void stop(std::chrono::milliseconds patience) {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { begin_close(); });
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, patience, [this] { return drained_; })) {
      asio::post(io_, [this] {
        for (auto* session : sessions_) session->abort();
      });
      ended_.wait(lock, [this] { return drained_; });
    }
    lock.unlock();
    over_ = true;
    guard_.reset();
    thread_.join();
    work_.join();
  }

 private:
  /// One client's place among the sessions, for as long as its coroutine runs.
  class Place {
   public:
    Place(Impl& server, Session& session) : server_(server), session_(session) {
      server_.sessions_.insert(&session_);
      server_.counters_.connections.add();
    }
    ~Place() {
      server_.sessions_.erase(&session_);
      server_.counters_.connections.sub();
      server_.tell_when_drained();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Impl& server_;
    Session& session_;
  };

  awaitable<void> accept(tcp::acceptor& acceptor) {
    asio::steady_timer pause(io_);
    while (acceptor.is_open()) {
      auto [error, socket] = co_await acceptor.async_accept(kAwait);
      if (error == asio::error::operation_aborted) break;
      if (error) {
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(kAwait);
      } else if (sessions_.size() < limits_.connections + kMaxTurnedAway) {
        asio::co_spawn(io_, serve(std::make_shared<Session>(*context_, std::move(socket))),
                       asio::detached);
      }
    }
  }

  awaitable<void> serve(std::shared_ptr<Session> session) {
    const Place place(*this, *session);
    try {
      if (sessions_.size() > limits_.connections) {
        counters_.turned_away.add();
        co_await Session::turn_away(session);
      } else {
        co_await Session::run(session);
      }
    } catch (const std::exception& error) {
      log_.error("a connection ended: {}", error.what());
    }
  }

  void begin_close() {
    context_->closing = true;
    for (auto& acceptor : acceptors_) {
      boost::system::error_code ignored;  // it is closed all the same
      acceptor.close(ignored);
    }
    for (auto* session : sessions_) session->begin_close();
    tell_when_drained();
  }

  void tell_when_drained() {
    if (!context_->closing || !sessions_.empty()) return;
    const std::lock_guard lock(mutex_);
    drained_ = true;
    ended_.notify_all();
  }

  const Limits limits_;
  const base::Clock& clock_;
  const base::Logger log_;
  asio::io_context io_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_{
      asio::make_work_guard(io_)};
  asio::thread_pool work_{1};
  Acceptors acceptors_;
  std::vector<tcp::endpoint> endpoints_;
  std::optional<SessionContext> context_;
  ServerCounters counters_;
  std::set<Session*> sessions_;  // on the server's thread
  std::thread thread_;
  std::atomic<bool> over_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool drained_ = false;
};

std::expected<std::unique_ptr<Server>, std::string> Server::bind(const Options& options,
                                                                 const base::Clock& clock,
                                                                 base::Logger log) try {
  auto impl = std::make_unique<Impl>(options.limits, clock, std::move(log));
  if (auto bound = impl->bind(options.listen); !bound) {
    return std::unexpected(std::move(bound.error()));
  }
  impl->remember_endpoints();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
} catch (const std::exception& error) {  // the library tells so what its own descriptors lack
  return std::unexpected(fmt::format("cannot serve the API: {}", error.what()));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  impl_->stop(std::chrono::milliseconds(0));
}

std::vector<std::string> Server::urls() const {
  return impl_->urls();
}

const ServerCounters& Server::counters() const {
  return impl_->counters();
}

void Server::start(RequestHandler& handler) {
  impl_->start(handler);
}

void Server::stop(std::chrono::milliseconds patience) {
  impl_->stop(patience);
}

}  // namespace mexport::api
