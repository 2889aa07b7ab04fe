// SPDX-License-Identifier: MIT
#include "api/session.hpp"

#include "api/http_date.hpp"
#include "api/router.hpp"
#include "api/target.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace mexport::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::ip::tcp;
using beast::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBuffer = 32 << 10;
/// No body is longer, whatever a route allows: beyond it nothing is read at all.
constexpr std::size_t kMaxBody = 64 << 20;

using Parser = http::request_parser<http::string_body>;

/// How the conversation goes on after a request.
enum class Next : std::uint8_t { request, end, linger };

/// Of what cannot be read as a request.
struct Refusal {
  unsigned status;
  std::string_view detail = {};
};

/// As Go answers it.
std::string answer_text(const Refusal& refusal) {
  const auto text =
      fmt::format("{} {}{}", refusal.status, status_text(refusal.status), refusal.detail);
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nConnection: close\r\n\r\n{}", text,
                     kPlainText, text);
}

std::string field(const Parser& parser, std::string_view name) {
  const auto found = parser.get().find(name);
  return found == parser.get().end() ? std::string() : std::string(found->value());
}

/// Moves to the thread where answers are made, and back with one.
awaitable<Response> make_answer(RequestHandler& handler, const Request& request) {
  co_return handler.answer(request);
}

awaitable<Response> take_answer(PendingResponse& pending) {
  co_return pending.take();
}

awaitable<BodySource::Step> make_piece(BodySource& source, std::string& piece) {
  co_return source.next(piece);
}

bool is_loopback(const tcp::socket& socket) {
  error_code error;
  auto address = socket.local_endpoint(error).address();
  if (error) return false;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address.is_loopback();
}

}  // namespace

class Session::Impl {
 public:
  Impl(SessionContext& context, tcp::socket socket)
      : context_(context),
        stream_(std::move(socket)),
        wake_(stream_.get_executor()),
        loopback_(is_loopback(stream_.socket())) {
    buffer_.max_size(std::max(kReadBuffer, context.limits.header_bytes) + kReadBuffer);
  }

  awaitable<void> run() {
    auto next = Next::request;
    while (next == Next::request && !context_.closing) next = co_await serve_one();
    if (next == Next::linger) co_await linger();
    finish();
  }

  awaitable<void> turn_away() {
    stream_.expires_after(context_.limits.linger);
    context_.counters.count_answer(503);
    co_await send(answer_text({503, ": too many connections"}));
    co_await linger();
    finish();
  }

  void begin_close() {
    if (idle_) stream_.cancel();
    wake_.cancel();
  }

  void abort() {
    stream_.close();
    wake_.cancel();
  }

 private:
  awaitable<Next> serve_one() {
    if (!co_await wait_for_request()) co_return Next::end;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(context_.limits.header_bytes));
    parser.body_limit(kMaxBody);
    stream_.expires_after(context_.limits.header);
    const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
    if (error) co_return co_await refuse_head(error);

    Request request;
    if (const auto refusal = read_head(parser, request)) co_return co_await refuse(*refusal);
    const auto limit = context_.handler.max_body(request.method, request.path);
    const auto status = co_await read_body(parser, limit);
    if (status == 0) co_return Next::end;
    if (status != 200) co_return co_await refuse({status});
    request.body = std::move(parser.get().body());
    co_return co_await answer(request, parser);
  }

  /// Until its first byte is there. False when none comes.
  awaitable<bool> wait_for_request() {
    if (buffer_.size() > 0) co_return true;
    idle_ = true;
    stream_.expires_after(context_.limits.idle);
    const auto [error, size] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBuffer), kAwait);
    idle_ = false;
    if (error) co_return false;
    buffer_.commit(size);
    co_return true;
  }

  awaitable<Next> refuse_head(error_code error) {
    const bool too_long =
        error == http::error::header_limit || error == http::error::buffer_overflow;
    const bool malformed =
        error.category() == http::make_error_code(http::error::bad_target).category();
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        (!too_long && !malformed)) {
      co_return Next::end;
    }
    if (error == http::error::body_limit) co_return co_await refuse({413});
    co_return co_await refuse({too_long ? 431U : 400U});
  }

  awaitable<Next> refuse(Refusal refusal) {
    stream_.expires_after(context_.limits.write);
    context_.counters.count_answer(refusal.status);
    co_await send(answer_text(refusal));
    co_return Next::linger;
  }

  /// Why it is refused, if it is.
  std::optional<Refusal> read_head(const Parser& parser, Request& request) const {
    const auto& head = parser.get();
    const auto hosts = head.count("Host");
    if (hosts == 0 && head.version() > 10) {
      return Refusal{400, ": missing required Host header"};
    }
    if (hosts > 1) return Refusal{400, ": too many Host headers"};
    const auto target = parse_target({head.target().data(), head.target().size()});
    if (!target) return Refusal{400};
    request.method = std::string(head.method_string());
    request.path = target->path;
    request.query = target->query;
    request.has_query = target->has_query;
    request.host = field(parser, "Host");
    request.origin = field(parser, "Origin");
    request.fetch_site = field(parser, "Sec-Fetch-Site");
    request.authorization = field(parser, "Authorization");
    request.accept = field(parser, "Accept");
    request.loopback = loopback_;
    return std::nullopt;
  }

  /// 200 when all of it is there; 0 when the client has gone.
  awaitable<unsigned> read_body(Parser& parser, std::size_t limit) {
    const auto length = parser.content_length();
    if (length && *length > limit) co_return 413;
    stream_.expires_after(context_.limits.body);
    if (!parser.is_done() && beast::iequals(field(parser, "Expect"), "100-continue")) {
      co_await send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    std::size_t counted = 0;
    unsigned status = 200;
    while (!parser.is_done() && status == 200) {
      const auto [error, size] = co_await http::async_read_some(stream_, buffer_, parser, kAwait);
      const auto now = parser.get().body().size();
      context_.waiting_bodies += now - counted;
      counted = now;
      if (now > limit || error == http::error::body_limit) {
        status = 413;
      } else if (context_.waiting_bodies > context_.limits.waiting_bodies) {
        status = 503;
      } else if (error) {
        status = error.category() == http::make_error_code(http::error::bad_chunk).category() &&
                         error != http::error::partial_message
                     ? 400
                     : 0;
      }
    }
    context_.waiting_bodies -= counted;
    co_return status;
  }

  awaitable<Next> answer(const Request& request, const Parser& parser) {
    auto response = co_await answer_to(request);
    if (response.pending) {
      auto awaited = co_await await_answer(*response.pending, request);
      if (!awaited) co_return Next::end;
      response = std::move(*awaited);
    }
    context_.counters.count_answer(response.status);
    context_.log.debug("{} {}: {}", request.method, request.path, response.status);
    const unsigned version = parser.get().version();
    const bool keep = parser.keep_alive() && !context_.closing;
    std::string piece = std::move(response.body);
    auto step = BodySource::Step::end;
    if (response.source) {
      listen_to(*response.source);
      step = co_await next_piece(*response.source, piece);
    }
    if (step == BodySource::Step::end) {
      co_return co_await send_whole(response, piece, request.method == "HEAD", version, keep);
    }
    co_return co_await send_stream(response, piece, step, version, keep && version > 10);
  }

  awaitable<Response> answer_to(const Request& request) {
    if (context_.closing) co_return context_.handler.answer_while_closing(request);
    std::exception_ptr failure;
    try {
      co_return co_await asio::co_spawn(context_.work, make_answer(context_.handler, request),
                                        asio::use_awaitable);
    } catch (...) {
      failure = std::current_exception();
    }
    co_return failed(failure, request);
  }

  /// The answer once it is ready, or another when the server closes before. Nothing when the client
  /// has gone, or half of it: it reads no answer that it could repeat the request for.
  awaitable<std::optional<Response>> await_answer(PendingResponse& pending,
                                                  const Request& request) {
    pending.on_ready(waker());
    watch_client();
    stream_.expires_never();
    while (!pending.ready() && !context_.closing && !client_gone_) {
      wake_.expires_after(context_.limits.sign_of_life);
      co_await wake_.async_wait(kAwait);
    }
    if (client_gone_) co_return std::nullopt;
    if (!pending.ready()) co_return context_.handler.answer_while_closing(request);
    co_return co_await asio::co_spawn(context_.work, take_answer(pending), asio::use_awaitable);
  }

  /// Tells of the end of a client that has nothing more to send.
  void watch_client() {
    client_gone_ = false;
    stream_.socket().async_wait(tcp::socket::wait_read,
                                [this, alive = std::weak_ptr<bool>(alive_)](error_code error) {
                                  if (alive.expired() || error) return;
                                  error_code ended;
                                  client_gone_ = stream_.socket().available(ended) == 0;
                                  if (client_gone_) wake_.cancel();
                                });
  }

  Response failed(const std::exception_ptr& failure, const Request& request) const {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      context_.log.error("{} {}: {}", request.method, request.path, error.what());
    } catch (...) {
      context_.log.error("{} {}: failed", request.method, request.path);
    }
    return {.status = 500, .body = "{\"status\":500,\"error\":\"internal server error\"}\n"};
  }

  template <class Body>
  http::response<Body> head_of(const Response& response, unsigned version, bool keep) const {
    http::response<Body> head(static_cast<http::status>(response.status), version);
    head.set(http::field::date,
             http_date(std::chrono::floor<std::chrono::seconds>(context_.clock.wall_now())));
    if (!response.content_type.empty()) head.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) head.set(name, value);
    head.keep_alive(keep);
    return head;
  }

  awaitable<Next> send_whole(const Response& response, std::string& body, bool head_only,
                             unsigned version, bool keep) {
    stream_.expires_after(context_.limits.write);
    auto head = head_of<http::empty_body>(response, version, keep);
    head.content_length(body.size());
    http::response_serializer<http::empty_body> serializer(head);
    const auto [error, size] = co_await http::async_write_header(stream_, serializer, kAwait);
    if (error) co_return Next::end;
    if (!head_only && !co_await send(std::move(body))) co_return Next::end;
    co_return keep ? Next::request : Next::end;
  }

  awaitable<Next> send_stream(Response& response, std::string& piece, BodySource::Step step,
                              unsigned version, bool keep) {
    const bool chunked = version > 10;
    stream_.expires_after(context_.limits.write);
    auto head = head_of<http::empty_body>(response, version, keep);
    if (chunked) head.chunked(true);
    http::response_serializer<http::empty_body> serializer(head);
    const auto [error, size] = co_await http::async_write_header(stream_, serializer, kAwait);
    bool sent = !error;
    for (;;) {
      if (sent && !piece.empty()) sent = co_await send_piece(piece, chunked);
      piece.clear();
      if (!sent || step == BodySource::Step::end || context_.closing) break;
      if (step == BodySource::Step::wait && !co_await wait_for_more()) {
        piece = response.source->sign_of_life();
        continue;
      }
      step = co_await next_piece(*response.source, piece);
    }
    if (sent && chunked) {
      const auto [last_error, last_size] =
          co_await asio::async_write(stream_, http::make_chunk_last(), kAwait);
      sent = !last_error;
    }
    co_return sent&& keep ? Next::request : Next::end;
  }

  awaitable<bool> send_piece(const std::string& piece, bool chunked) {
    stream_.expires_after(context_.limits.write);
    if (!chunked) co_return co_await send(piece);
    const auto [error, size] =
        co_await asio::async_write(stream_, http::make_chunk(asio::buffer(piece)), kAwait);
    co_return !error;
  }

  /// What a source cannot make ends the stream: the client sees that it is not complete.
  awaitable<BodySource::Step> next_piece(BodySource& source, std::string& piece) {
    co_return co_await asio::co_spawn(context_.work, make_piece(source, piece),
                                      asio::use_awaitable);
  }

  /// May be called from any thread.
  std::function<void()> waker() {
    return [this, alive = std::weak_ptr<bool>(alive_), executor = stream_.get_executor()] {
      asio::post(executor, [this, alive] {
        if (alive.expired()) return;
        more_ = true;
        wake_.cancel();
      });
    };
  }

  void listen_to(BodySource& source) {
    more_ = false;
    source.on_more(waker());
  }

  /// False when there was nothing for so long that a sign of life is due.
  awaitable<bool> wait_for_more() {
    if (!more_) {
      wake_.expires_after(context_.limits.sign_of_life);
      co_await wake_.async_wait(kAwait);
    }
    co_return std::exchange(more_, false) || context_.closing;
  }

  awaitable<bool> send(std::string text) {
    const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(text), kAwait);
    co_return !error;
  }

  /// A client that is still writing would lose an answer that is followed by a reset.
  awaitable<void> linger() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(context_.limits.linger);
    std::array<char, 4096> unread{};
    for (;;) {
      const auto [error, size] = co_await stream_.async_read_some(asio::buffer(unread), kAwait);
      if (error) co_return;
    }
  }

  void finish() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  SessionContext& context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  asio::steady_timer wake_;
  const bool loopback_;
  bool idle_ = false;  // waiting for the first byte of a request
  bool more_ = false;  // a source has woken us
  bool client_gone_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

Session::Session(SessionContext& context, tcp::socket socket)
    : impl_(std::make_unique<Impl>(context, std::move(socket))) {}

Session::~Session() = default;

awaitable<void> Session::run(std::shared_ptr<Session> self) {
  co_await self->impl_->run();
}

awaitable<void> Session::turn_away(std::shared_ptr<Session> self) {
  co_await self->impl_->turn_away();
}

void Session::begin_close() {
  impl_->begin_close();
}

void Session::abort() {
  impl_->abort();
}

}  // namespace mexport::api
