// SPDX-License-Identifier: MIT
#include "app/http_client.hpp"

#include "base/file_descriptor.hpp"

#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mexport::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = HttpEnd::Kind;

/// Takes one connection, sends what it was given once it has a whole request, and closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer, bool stays = false)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(listener_.get(), any, size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener_.get(), any, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, answer = std::move(answer), stays] { serve(answer, stays); });
  }

  std::uint16_t port() const { return port_; }
  /// Once the call has ended.
  const std::string& request() {
    thread_.join();
    return request_;
  }

 private:
  void serve(const std::string& answer, bool stays) {
    const base::FileDescriptor client(::accept(listener_.get(), nullptr, nullptr));
    while (!request_.ends_with("}") && !is_get_with_all()) {
      if (!read_more(client.get())) return;
    }
    static_cast<void>(::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL));
    while (stays && read_more(client.get())) {
    }
  }
  bool is_get_with_all() const {
    return request_.starts_with("GET") && request_.ends_with("\r\n\r\n");
  }
  bool read_more(int client) {
    std::array<char, 4096> piece{};
    const auto size = ::recv(client, piece.data(), piece.size(), 0);
    if (size > 0) request_.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
  }

  base::FileDescriptor listener_;
  std::uint16_t port_ = 0;
  std::string request_;
  std::jthread thread_;
};

class HttpClient : public testing::Test {
 protected:
  HttpEnd post(std::uint16_t port) {
    post_.servers.push_back({.host = "127.0.0.1", .port = port});
    return call_lines(post_, {.on_line = [this](std::string_view line) { return on_line(line); },
                              .on_pause = [this] { return ++pauses_ < most_pauses_; }});
  }
  bool on_line(std::string_view line) {
    lines_.emplace_back(line);
    return lines_.size() < most_lines_;
  }

  HttpCall post_{.servers = {}, .target = "/x", .body = "{}", .token = {}};
  std::vector<std::string> lines_;
  std::size_t most_lines_ = 100;
  std::size_t pauses_ = 0;
  std::size_t most_pauses_ = 1000;
};

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(HttpClient, SendsTheBodyAndHearsLines) {
  post_.token = "0123456789abcdef";
  OneAnswer server(kChunked + "3\r\none\r\n5\r\n\ntwo\n\r\n0\r\n\r\n");
  const auto end = post(server.port());
  EXPECT_EQ(end.kind, Kind::complete) << end.text;
  EXPECT_EQ(end.server, "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_GE(pauses_, 1U);
  EXPECT_THAT(server.request(),
              AllOf(testing::StartsWith("POST /x HTTP/1.1\r\n"),
                    HasSubstr("Host: " + end.server + "\r\n"), HasSubstr("Content-Length: 2\r\n"),
                    HasSubstr("Authorization: Bearer 0123456789abcdef\r\n"),
                    testing::EndsWith("\r\n\r\n{}")));
}

TEST_F(HttpClient, WithoutABodyItIsAGet) {
  post_.body.clear();
  OneAnswer server(kChunked + "6\r\nready\n\r\n0\r\n\r\n");
  EXPECT_EQ(post(server.port()).kind, Kind::complete);
  EXPECT_THAT(lines_, ElementsAre("ready"));
  EXPECT_THAT(server.request(), AllOf(testing::StartsWith("GET /x HTTP/1.1\r\n"),
                                      testing::Not(HasSubstr("Content-"))));
}

TEST_F(HttpClient, WithoutATokenSendsNone) {
  OneAnswer server(kChunked + "0\r\n\r\n");
  EXPECT_EQ(post(server.port()).kind, Kind::complete);
  EXPECT_THAT(server.request(), testing::Not(HasSubstr("Authorization")));
}

TEST_F(HttpClient, GivesTheBodyOfARefusal) {
  OneAnswer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
  const auto end = post(server.port());
  EXPECT_EQ(end.kind, Kind::refused);
  EXPECT_EQ(end.status, 503U);
  EXPECT_EQ(end.text, "busy");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(HttpClient, KeepsNoMoreOfARefusalThanItMay) {
  OneAnswer server("HTTP/1.1 404 Not Found\r\n\r\n" + std::string(kMaxHttpError + 5000, 'x'));
  const auto end = post(server.port());
  EXPECT_EQ(end.kind, Kind::refused);
  EXPECT_EQ(end.text.size(), kMaxHttpError);
}

TEST_F(HttpClient, TellsThatAnAnswerBrokeOff) {
  for (const auto& answer : {std::string(), std::string("SSH-2.0-x\r\n"), kChunked,
                             kChunked + "4\r\none\n\r\n", kChunked + "3\r\none\r\n0\r\n\r\n"}) {
    OneAnswer server(answer);
    post_.servers.clear();
    const auto end = post(server.port());
    EXPECT_EQ(end.kind, Kind::broken) << answer;
    EXPECT_NE(end.text, "");
  }
  EXPECT_THAT(lines_, ElementsAre("one"));
}

TEST_F(HttpClient, RefusesALineThatIsTooLong) {
  OneAnswer server("HTTP/1.1 200 OK\r\n\r\n" + std::string(kMaxHttpLine + 1, 'x'));
  const auto end = post(server.port());
  EXPECT_EQ(end.kind, Kind::broken);
  EXPECT_THAT(end.text, HasSubstr("too long"));
}

TEST_F(HttpClient, LeavesWhenTheListenerWantsNoMore) {
  most_lines_ = 1;
  OneAnswer by_line(kChunked + "4\r\na\nb\n\r\n", true);
  EXPECT_EQ(post(by_line.port()).kind, Kind::left);
  EXPECT_THAT(lines_, ElementsAre("a"));
  most_pauses_ = 1;
  post_.servers.clear();
  OneAnswer by_pause(kChunked, true);  // the tick of a second
  EXPECT_EQ(post(by_pause.port()).kind, Kind::left);
}

TEST_F(HttpClient, TriesOneServerAfterTheOther) {
  const base::FileDescriptor bound(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(bound.get(), any, size), 0);  // and does not listen
  ASSERT_EQ(::getsockname(bound.get(), any, &size), 0);
  const auto deaf = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  const auto unreachable = post(ntohs(address.sin_port));
  EXPECT_EQ(unreachable.kind, Kind::unreachable);
  EXPECT_THAT(unreachable.text, testing::StartsWith(deaf + ": "));
  OneAnswer server(kChunked + "0\r\n\r\n");
  EXPECT_EQ(post(server.port()).kind, Kind::complete);
}

TEST_F(HttpClient, AnAddressOfAllInterfacesIsThisMachine) {
  for (const auto* host : {"", "0.0.0.0"}) {
    OneAnswer server(kChunked + "0\r\n\r\n");
    post_.servers = {{.host = host, .port = server.port()}};
    const auto end = call_lines(
        post_, {.on_line = [](std::string_view) { return true; }, .on_pause = [] { return true; }});
    EXPECT_EQ(end.kind, Kind::complete) << end.text;
    EXPECT_THAT(server.request(), testing::Not(HasSubstr("0.0.0.0")));
  }
}

TEST_F(HttpClient, ASignalEndsIt) {
  OneAnswer server(kChunked + "2\r\na\n\r\n", true);
  post_.servers = {{.host = "127.0.0.1", .port = server.port()}};
  const auto end =
      call_lines(post_, {.on_line = [](std::string_view) { return ::raise(SIGINT) == 0; },
                         .on_pause = [] { return true; }});
  EXPECT_EQ(end.kind, Kind::interrupted);
  EXPECT_EQ(end.signal, SIGINT);
}

}  // namespace
}  // namespace mexport::app
