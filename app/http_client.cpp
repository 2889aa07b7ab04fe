// SPDX-License-Identifier: MIT
#include "app/http_client.hpp"

#include "app/line_splitter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <limits>
#include <optional>
#include <utility>

namespace mexport::app {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kTick{1};
constexpr std::size_t kPiece = 16 << 10;
constexpr unsigned kOk = 200;

/// Where to connect to for what was bound.
api::ListenAddress reachable(api::ListenAddress server) {
  if (server.host.empty()) server.host = "localhost";
  if (server.host == "0.0.0.0") server.host = "127.0.0.1";
  if (server.host == "::") server.host = "::1";
  return server;
}

class Call {
 public:
  Call(const HttpCall& call, const HttpListener& listener, const HttpTimes& times)
      : call_(call), listener_(listener), times_(times) {
    buffer_.reserve(kPiece);  // read as much at a time from the beginning
    parser_.body_limit(
        std::numeric_limits<std::uint64_t>::max());  // lines are bounded, not their sum
  }

  HttpEnd run() {
    signals_.async_wait([this](const beast::error_code& error, int signal) {
      if (!error) finish({.kind = HttpEnd::Kind::interrupted, .signal = signal});
    });
    asio::co_spawn(context_, exchange(), asio::detached);
    context_.run();
    auto end = std::move(end_).value_or(HttpEnd{});
    end.server = server_;
    return end;
  }

 private:
  using Task = asio::awaitable<void>;

  /// The first end counts.
  void finish(HttpEnd end) {
    if (!end_) end_ = std::move(end);
    resolver_.cancel();
    stream_.close();
    timer_.cancel();
    signals_.cancel();
  }
  void break_off(const beast::error_code& error) {
    const bool late = error == beast::error::timeout;
    finish({.kind = HttpEnd::Kind::broken,
            .text = late ? "it says nothing any more" : error.message()});
  }
  void leave() { finish({.kind = HttpEnd::Kind::left}); }

  Task exchange() {
    std::string refusals;
    for (const auto& server : call_.servers) {
      const auto place = reachable(server);
      const auto error = co_await connect(place);
      if (end_) co_return;
      if (!error) break;
      refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", server.to_string(),
                              error == beast::error::timeout ? "no answer" : error.message());
    }
    if (server_.empty()) {
      finish({.kind = HttpEnd::Kind::unreachable, .text = std::move(refusals)});
      co_return;
    }
    asio::co_spawn(context_, tick(), asio::detached);
    if (co_await send()) co_await hear();
  }

  asio::awaitable<beast::error_code> connect(const api::ListenAddress& server) {
    const auto [unknown, endpoints] =
        co_await resolver_.async_resolve(server.host, std::to_string(server.port), kAwait);
    if (unknown || end_) co_return unknown;
    stream_.expires_after(times_.connect);
    const auto [error, endpoint] = co_await stream_.async_connect(endpoints, kAwait);
    if (!error) server_ = server.to_string();
    co_return error;
  }

  asio::awaitable<bool> send() {
    const auto verb = call_.body.empty() ? http::verb::get : http::verb::post;
    http::request<http::string_body> request(verb, call_.target, 11);
    request.set(http::field::host, server_);
    if (verb == http::verb::post) request.set(http::field::content_type, "application/json");
    request.set(http::field::user_agent, "mexport");
    if (!call_.token.empty()) request.set(http::field::authorization, "Bearer " + call_.token);
    request.body() = call_.body;
    request.prepare_payload();
    stream_.expires_after(times_.idle);
    auto [error, sent] = co_await http::async_write(stream_, request, kAwait);
    // A refusal may stand ready before all has been sent: what it says is worth more.
    const bool answered =
        !error || error == beast::errc::broken_pipe || error == beast::errc::connection_reset;
    if (answered) {
      auto [bad, read] = co_await http::async_read_header(stream_, buffer_, parser_, kAwait);
      error = bad;
    }
    if (error) break_off(error);
    co_return !error;
  }

  Task hear() {
    std::array<char, kPiece> piece{};
    while (!parser_.is_done() && !end_) {
      parser_.get().body() = {.data = piece.data(), .size = piece.size(), .more = true};
      stream_.expires_after(times_.idle);
      auto [error, size] = co_await http::async_read_some(stream_, buffer_, parser_, kAwait);
      const auto got = piece.size() - parser_.get().body().size;
      if (!take({piece.data(), got})) co_return;
      if (error && error != http::error::need_buffer) break_off(error);
    }
    if (!end_) complete();
  }

  /// False once the call has ended.
  bool take(std::string_view piece) {
    if (end_) return false;
    if (parser_.get().result_int() != kOk) {
      error_body_ += piece.substr(0, kMaxHttpError - error_body_.size());
      return true;
    }
    const auto state = lines_.take(piece, listener_.on_line);
    if (state == LineSplitter::State::too_long) {
      finish({.kind = HttpEnd::Kind::broken, .text = "a line of it is too long"});
    } else if (state == LineSplitter::State::stopped || !listener_.on_pause()) {
      leave();
    }
    return !end_;
  }

  void complete() {
    const auto status = parser_.get().result_int();
    if (status != kOk) {
      finish({.kind = HttpEnd::Kind::refused, .text = std::move(error_body_), .status = status});
    } else if (!lines_.rest().empty()) {
      finish({.kind = HttpEnd::Kind::broken, .text = "its last line has no end"});
    } else {
      finish({.kind = HttpEnd::Kind::complete});
    }
  }

  Task tick() {
    while (!end_) {
      timer_.expires_after(kTick);
      co_await timer_.async_wait(kAwait);
      if (!end_ && !listener_.on_pause()) leave();
    }
  }

  const HttpCall& call_;
  const HttpListener& listener_;
  const HttpTimes times_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGINT, SIGTERM};
  asio::steady_timer timer_{context_};
  tcp::resolver resolver_{context_};
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_{kPiece * 2};
  http::response_parser<http::buffer_body> parser_;
  LineSplitter lines_{kMaxHttpLine};
  std::string error_body_;
  std::string server_;
  std::optional<HttpEnd> end_;
};

}  // namespace

HttpEnd call_lines(const HttpCall& call, const HttpListener& listener, const HttpTimes& times) {
  return Call(call, listener, times).run();
}

}  // namespace mexport::app
