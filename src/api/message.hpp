// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A request and its answer, free of sockets and of the library that reads them.
namespace mexport::api {

/// A complete request. Header fields that nobody asks about are not kept; absent ones are empty.
struct Request {
  std::string method{};
  std::string path{};   ///< decoded; "*" stands for the server as a whole
  std::string query{};  ///< behind the question mark, as it came
  bool has_query = false;
  std::string host{};
  std::string origin{};
  std::string fetch_site{};  ///< Sec-Fetch-Site
  std::string authorization{};
  std::string accept{};
  std::string body{};
  bool loopback = false;  ///< whether it came to a loopback address
};

/// A body that is made while it is sent. Belongs to the server's thread.
class BodySource {
 public:
  enum class Step : unsigned char {
    more,  ///< there is a piece, and maybe another
    wait,  ///< nothing now: it will wake
    end,   ///< there may be a last piece
  };

  virtual ~BodySource() = default;

  /// Appends the next piece to `out`, some 64 KiB.
  virtual Step next(std::string& out) = 0;
  /// What is called, from any thread, when next() has something again. Before the first next().
  // NOLINTNEXTLINE(performance-unnecessary-value-param): whoever overrides it keeps it
  virtual void on_more(std::function<void()> /*wake*/) {}
  /// What shows an idle client that the connection lives.
  virtual std::string_view sign_of_life() const { return {}; }
};

inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";

struct Response;

/// An answer that is waited for. Whoever waits may let it go before: nobody wants it any more then.
class PendingResponse {
 public:
  virtual ~PendingResponse() = default;

  /// What is called, from any thread or from within, once it is ready. Called at most once.
  virtual void on_ready(std::function<void()> wake) = 0;
  virtual bool ready() const = 0;
  /// Pre-condition: ready(). Once.
  virtual Response take() = 0;
};

struct Response {
  unsigned status = 200;
  std::string content_type = std::string(kPlainText);  ///< empty: none
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::unique_ptr<BodySource> source{};  ///< comes after `body`, when there is one
  /// When there is one, it has the answer, and all else is without meaning.
  std::unique_ptr<PendingResponse> pending{};
};

}  // namespace mexport::api
