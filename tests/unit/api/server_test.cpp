// SPDX-License-Identifier: MIT
// The server over real sockets of loopback.
#include "api/server.hpp"

#include "tests/unit/api/recorded.hpp"
#include "tests/unit/api/test_sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mexport::api {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kPatience = 20'000;  // ms; nothing waits this long unless it fails

/// A client that sends and receives bytes as they are.
class Client {
 public:
  explicit Client(const std::string& url) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }

  /// As much as the server takes.
  Client& send(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto sent = ::send(socket_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) break;
      at += static_cast<std::size_t>(sent);
    }
    return *this;
  }

  /// What comes until the text is there.
  std::string until(const std::string& text) {
    while (received_.find(text) == std::string::npos) {
      if (!receive()) throw std::runtime_error("the end came first: " + received_);
    }
    const auto end = received_.find(text) + text.size();
    const auto result = received_.substr(0, end);
    received_.erase(0, end);
    return result;
  }

  /// What comes until the server closes.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }

 private:
  bool receive() {
    pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, kPatience) != 1) throw std::runtime_error("nothing comes");
    std::array<char, 65536> buffer;
    const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got > 0) received_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  bool connected_ = false;
  std::string received_;
};

/// Answers as a test says.
class Handler final : public RequestHandler {
 public:
  using Answer = std::function<Response(const Request&)>;
  explicit Handler(Answer answer) : answer_(std::move(answer)) {}

  std::size_t max_body(std::string_view, std::string_view) const override { return 1000; }
  Response answer(const Request& request) override { return answer_(request); }
  Response answer_while_closing(const Request&) override {
    return {.status = 503, .body = "closing"};
  }

 private:
  Answer answer_;
};

/// A body in pieces, each of which may be a wait.
class Pieces final : public BodySource {
 public:
  explicit Pieces(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  Step next(std::string& out) override {
    if (at_ == pieces_.size()) return Step::end;
    out += pieces_[at_++];
    return Step::more;
  }

 private:
  std::vector<std::string> pieces_;
  std::size_t at_ = 0;
};

/// An answer that a test gives when it likes.
class LateAnswer {
 public:
  /// What a handler returns; `gone` tells when nobody waits for it any more.
  Response response() {
    class Pending final : public PendingResponse {
     public:
      explicit Pending(LateAnswer& late) : late_(late) {}
      ~Pending() override { late_.gone = true; }
      void on_ready(std::function<void()> wake) override {
        const std::lock_guard lock(late_.mutex_);
        late_.wake_ = std::move(wake);
      }
      bool ready() const override { return late_.ready_; }
      Response take() override { return {.body = "at last\n"}; }

     private:
      LateAnswer& late_;
    };
    Response response;
    response.pending = std::make_unique<Pending>(*this);
    return response;
  }
  bool awaited() {
    const std::lock_guard lock(mutex_);
    return wake_ != nullptr;
  }
  void give() {
    ready_ = true;
    const std::lock_guard lock(mutex_);
    wake_();
  }

  std::atomic<bool> gone{false};

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::atomic<bool> ready_{false};
};

template <class Condition>
bool eventually(Condition condition) {
  for (int waited = 0; waited < kPatience; ++waited) {
    if (condition()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

struct Running {
  explicit Running(RequestHandler& handler, Limits limits = {}) {
    auto bound = Server::bind({.listen = {{.host = "localhost", .port = 0}}, .limits = limits},
                              clock, base::Logger());
    if (!bound) throw std::runtime_error(bound.error());
    server = std::move(*bound);
    server->start(handler);
    url = server->urls().front();
  }

  TestClock clock;
  std::unique_ptr<Server> server;
  std::string url;
};

constexpr const char* kGet = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr const char* kGetAndClose =
    "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// The lines of a head, sorted, but for the date; then the body.
std::pair<std::vector<std::string>, std::string> parts(const std::string& response) {
  const auto end = response.find("\r\n\r\n");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < end;) {
    const auto stop = std::min(response.find("\r\n", at), end);
    const auto line = response.substr(at, stop - at);
    if (!line.starts_with("Date: ")) lines.push_back(line);
    at = stop + 2;
  }
  std::sort(lines.begin(), lines.end());
  return {lines, response.substr(end + 4)};
}

TEST(Server, AnswersOverASocketAsRecorded) {
  TestApi test;
  const Running running(test.api);
  for (const auto& exchange : read_exchanges(MEXPORT_VECTORS "/golden/http-probe-off.jsonl")) {
    Client client(running.url);
    const auto response = client.send(exchange.request).rest();
    EXPECT_EQ(parts(response), parts(exchange.response)) << exchange.name;
  }
}

TEST(Server, AnswersRecordedRequestsThatNeedCare) {
  TestApi test;
  const Running running(test.api);
  int compared = 0;
  for (const auto& exchange : read_exchanges(MEXPORT_VECTORS "/golden/http-probe-on.jsonl")) {
    const bool invalid = exchange.response.find("invalid request") != std::string::npos;
    const bool chunked = exchange.name.ends_with("-chunked");
    const bool expect = exchange.name.ends_with("-expect");
    if (!invalid && !chunked && !expect) continue;
    Client client(running.url);
    const auto response = client.send(exchange.request).rest();
    ++compared;
    if (invalid) {
      EXPECT_EQ(parts(response), parts(exchange.response)) << exchange.name;
    } else {
      EXPECT_THAT(response, HasSubstr("Bitswap probe not enabled")) << exchange.name;
      EXPECT_EQ(response.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400"), expect);
    }
  }
  EXPECT_EQ(compared, 41);
}

TEST(Server, AHugeHeaderGets431AndAHugeBody413) {
  TestApi test;
  const Running running(test.api);
  const auto recorded = read_exchanges(MEXPORT_VECTORS "/golden/http-probe-on.jsonl");
  const auto huge = std::find_if(recorded.begin(), recorded.end(), [](const Exchange& exchange) {
    return exchange.name == "want-header-2MiB";
  });
  ASSERT_NE(huge, recorded.end());
  Client head(running.url);
  head.send("GET /metric_plugin/v1/ping HTTP/1.1\r\nHost: localhost\r\nX-Big: " +
            std::string(2 << 20, 'a') + "\r\n\r\n");
  EXPECT_EQ(head.rest(), huge->response);

  for (const std::string length : {"17000000", "1000000000", "9223372036854775807"}) {
    Client body(running.url);
    body.send(
        "POST /metric_plugin/v1/broadcast_want HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Length: " +
        length + "\r\n\r\n{");
    EXPECT_THAT(body.rest(), StartsWith("HTTP/1.1 413 Request Entity Too Large\r\n")) << length;
  }

  Client fits(running.url);
  const std::string text = "{\"cids\":[],\"x\":\"" + std::string(8 << 20, 'a') + "\"}";
  fits.send(
      "POST /metric_plugin/v1/broadcast_want HTTP/1.1\r\nHost: localhost\r\n"
      "Connection: close\r\nContent-Length: " +
      std::to_string(text.size()) + "\r\n\r\n" + text);
  EXPECT_THAT(fits.rest(), HasSubstr("Bitswap probe not enabled"));
}

TEST(Server, ABodyInChunksHasTheSameLimit) {
  Handler handler([](const Request&) -> Response { return {.body = "taken"}; });
  const Running running(handler);
  Client client(running.url);
  client.send("POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 4; ++i) client.send("12c\r\n" + std::string(300, 'a') + "\r\n");
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 413"));

  Client broken(running.url);
  broken.send("POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_THAT(broken.rest(), StartsWith("HTTP/1.1 400"));
}

TEST(Server, BodiesThatAreReadTogetherHaveALimitToo) {
  Handler handler([](const Request&) -> Response { return {.body = "taken"}; });
  const Running running(handler, {.waiting_bodies = 1500});
  const std::string head =
      "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
      "Expect: 100-continue\r\nConnection: close\r\n\r\n";
  Client first(running.url);
  first.send(head).until("100 Continue\r\n\r\n");
  first.send(std::string(999, 'a'));
  Client second(running.url);
  second.send(head).until("100 Continue\r\n\r\n");
  second.send(std::string(999, 'a'));
  // Which of them is a byte too many depends on whose bytes are read first.
  second.send("a");
  first.send("a");
  const auto answers = first.rest() + second.rest();
  EXPECT_THAT(answers, HasSubstr("HTTP/1.1 503"));
  Client third(running.url);
  third.send(head).until("100 Continue\r\n\r\n");
  EXPECT_THAT(third.send(std::string(1000, 'a')).rest(), HasSubstr("taken"));
}

TEST(Server, AnAnswerMayComeLater) {
  LateAnswer late;
  Handler handler([&](const Request& request) -> Response {
    return request.path == "/x" ? late.response() : Response{.body = "other\n"};
  });
  const Running running(handler);
  Client client(running.url);
  client.send(kGet).send("GET /y HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return late.awaited(); }));
  Client meanwhile(running.url);
  EXPECT_THAT(meanwhile.send("GET /y HTTP/1.0\r\n\r\n").rest(), HasSubstr("other"));
  late.give();
  EXPECT_THAT(client.until("at last\n"), HasSubstr("Content-Length: 8"));
  EXPECT_THAT(client.until("other\n"), HasSubstr("HTTP/1.1 200"));
  EXPECT_TRUE(late.gone);
}

TEST(Server, AClientThatGoesIsNotWaitedFor) {
  LateAnswer late;
  Handler handler([&](const Request&) { return late.response(); });
  const Running running(handler);
  {
    Client client(running.url);
    client.send(kGet);
    ASSERT_TRUE(eventually([&] { return late.awaited(); }));
    EXPECT_FALSE(late.gone);
  }
  EXPECT_TRUE(eventually([&] { return late.gone.load(); }));
}

TEST(Server, AStopAnswersForWhatIsNotReady) {
  LateAnswer late;
  Handler handler([&](const Request&) { return late.response(); });
  const Running running(handler);
  Client client(running.url);
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return late.awaited(); }));
  running.server->stop(1s);
  const auto answer = client.rest();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("closing"));
  EXPECT_TRUE(late.gone);
}

TEST(Server, KeepsConnectionsForSeveralRequests) {
  Handler handler([](const Request& request) -> Response { return {.body = request.path + "\n"}; });
  const Running running(handler);
  Client client(running.url);
  EXPECT_THAT(client.send(kGet).until("/x\n"), HasSubstr("Content-Length: 3"));
  client.send("GET /y HTTP/1.1\r\nHost: localhost\r\n\r\nGET /z HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.until("/y\n"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.0 200 OK"));
}

TEST(Server, WhatAHandlerThrowsIsA500) {
  Handler handler([](const Request&) -> Response { throw std::runtime_error("unforeseen"); });
  const Running running(handler);
  Client client(running.url);
  const auto response = client.send(kGetAndClose).rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  EXPECT_THAT(response, HasSubstr("{\"status\":500,\"error\":\"internal server error\"}\n"));
}

TEST(Server, SendsLongBodiesInPieces) {
  Handler handler([](const Request& request) {
    Response response{.body = "a"};
    std::vector<std::string> pieces{"b", "", "c"};
    if (request.path == "/short") pieces.clear();
    response.source = std::make_unique<Pieces>(pieces);
    return response;
  });
  const Running running(handler);
  Client client(running.url);
  const auto response = client.send(kGet).until("0\r\n\r\n");
  EXPECT_THAT(response, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(response.ends_with("\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")) << response;
  const auto brief =
      client.send("GET /short HTTP/1.1\r\nHost: localhost\r\n\r\n").until("\r\n\r\na");
  EXPECT_THAT(brief, HasSubstr("Content-Length: 1\r\n"));
  Client old(running.url);
  EXPECT_TRUE(old.send("GET /x HTTP/1.0\r\n\r\n").rest().ends_with("\r\n\r\nabc"));
}

TEST(Server, SlowClientsAreClosed) {
  Handler handler([](const Request&) -> Response { return {.body = "x"}; });
  const Running running(handler, {.idle = 50ms, .header = 50ms, .body = 50ms});
  EXPECT_EQ(Client(running.url).rest(), "");
  EXPECT_EQ(Client(running.url).send("GET /x HT").rest(), "");
  EXPECT_EQ(Client(running.url)
                .send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\na")
                .rest(),
            "");
}

TEST(Server, AClientThatDoesNotReadIsClosedAndDelaysNobody) {
  Handler handler([](const Request& request) {
    Response response;
    const std::size_t pieces = request.path == "/x" ? 4096 : 1;
    response.source =
        std::make_unique<Pieces>(std::vector<std::string>(pieces, std::string(65536, 'a')));
    return response;
  });
  const Running running(handler, {.write = 100ms});
  Client slow(running.url);
  slow.send(kGetAndClose);
  Client other(running.url);
  EXPECT_GT(
      other.send("GET /y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").rest().size(),
      65536U);
  running.server->stop(10s);  // waits for the slow one's time to be over, or does not end
  EXPECT_LT(slow.rest().size(), 4096U * 65536U);
}

TEST(Server, ClientsTooManyAreTurnedAway) {
  Handler handler([](const Request&) -> Response { return {.body = "x"}; });
  const Running running(handler, {.connections = 2});
  Client first(running.url);
  Client second(running.url);
  first.send(kGet).until("\r\n\r\nx");
  second.send(kGet).until("\r\n\r\nx");
  EXPECT_THAT(Client(running.url).rest(), StartsWith("HTTP/1.1 503 Service Unavailable"));
  first.send(kGet).until("\r\n\r\nx");
  const auto& counters = running.server->counters();
  EXPECT_EQ(counters.turned_away.value(), 1U);
  EXPECT_EQ(counters.answers[1].value(), 3U);
  EXPECT_EQ(counters.answers[4].value(), 1U);
  EXPECT_GE(counters.connections.value(), 2U);
}

TEST(Server, AnEventStreamLivesUntilTheServerStops) {
  TestApi test;
  const Running running(test.api, {.sign_of_life = 20ms});
  Client client(running.url);
  client.send("GET /api/v1/events?kind=gap HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.until("\r\n\r\n"), HasSubstr("Content-Type: text/event-stream\r\n"));
  client.until(":\n\n");
  auto batch = std::make_shared<exporter::Batch>();
  batch->lines = "{}\n";
  batch->events.push_back({.sequence = 1, .offset = 0, .size = 2, .kind = monitor::EventKind::gap});
  test.feed.submit(batch);
  client.until("id: gap-1\nevent: gap\ndata: {}\n\n");
  running.server->stop(10s);
  EXPECT_TRUE(client.rest().ends_with("0\r\n\r\n"));
}

TEST(Server, RequestsThatAreIncompleteAtTheStopGet503) {
  TestApi test;
  const Running running(test.api);
  Client idle(running.url);
  idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").until("ok\n");
  Client client(running.url);
  client.send(
      "POST /metric_plugin/v1/broadcast_want HTTP/1.1\r\nHost: localhost\r\n"
      "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  client.until("100 Continue\r\n\r\n");
  std::jthread stopping([&] { running.server->stop(20s); });
  while (Client(running.url).connected()) std::this_thread::yield();
  EXPECT_EQ(idle.rest(), "");
  EXPECT_THAT(client.send("{}").rest(),
              HasSubstr("{\"status\":503,\"error\":\"server closing\"}\n"));
}

TEST(Server, StopsWithinItsPatience) {
  TestApi test;
  const Running running(test.api);
  Client client(running.url);
  client.send(
      "POST /metric_plugin/v1/broadcast_want HTTP/1.1\r\nHost: localhost\r\n"
      "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  client.until("100 Continue\r\n\r\n");
  running.server->stop(10ms);
  EXPECT_EQ(client.rest(), "");
  running.server->stop(10ms);
}

TEST(Server, BindsEveryFamilyOfLocalhostToOnePort) {
  TestClock clock;
  const auto server = Server::bind({.listen = {{.host = "localhost", .port = 0}}}, clock, {});
  ASSERT_TRUE(server);
  const auto urls = (*server)->urls();
  const auto port = urls.front().substr(urls.front().rfind(':'));
  EXPECT_EQ(urls.front(), "http://127.0.0.1" + port);
  if (urls.size() > 1) {
    EXPECT_EQ(urls[1], "http://[::1]" + port);
  }
}

TEST(Server, SaysWhichAddressCannotBeBound) {
  TestClock clock;
  const auto server = Server::bind({.listen = {{.host = "127.0.0.1", .port = 0}}}, clock, {});
  ASSERT_TRUE(server);
  const auto url = (*server)->urls().front();
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const auto second = Server::bind({.listen = {{.host = "127.0.0.1", .port = port}}}, clock, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "cannot serve the API on 127.0.0.1:" + std::to_string(port) +
                                ": Address already in use");
}

}  // namespace
}  // namespace mexport::api
