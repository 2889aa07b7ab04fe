// SPDX-License-Identifier: MIT
#pragma once

#include "api/listen_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::app {

/// A request to the first of these servers that takes the connection.
struct HttpCall {
  std::vector<api::ListenAddress> servers;  ///< as a node's configuration has them
  std::string target;                       ///< "/api/v1/…"
  std::string body;                         ///< of a POST, JSON; empty: it is a GET
  std::string token;                        ///< sent as a bearer token; empty: none
};

/// Hears the answer; what returns false ends the call.
struct HttpListener {
  std::function<bool(std::string_view line)> on_line;
  std::function<bool()> on_pause;  ///< after the lines of a piece, and each second
};

struct HttpTimes {
  std::chrono::milliseconds connect{5'000};  ///< each server
  std::chrono::milliseconds idle{60'000};    ///< in which the server says nothing
};

inline constexpr std::size_t kMaxHttpLine = 1 << 20;    ///< of an answer, in bytes
inline constexpr std::size_t kMaxHttpError = 64 << 10;  ///< body of an answer that is none of 200

/// How a call ended.
struct HttpEnd {
  enum class Kind : std::uint8_t {
    complete,     ///< 200, and all its lines were heard
    unreachable,  ///< `text` says why, for each server
    refused,      ///< `status` is another than 200, `text` is its body
    broken,       ///< the answer broke off, or is none; `text` says how
    left,         ///< the listener wanted no more
    interrupted,  ///< by `signal`
  };
  Kind kind = Kind::broken;
  std::string text{};
  std::string server{};  ///< the one that was connected to: "localhost:8432"
  unsigned status = 0;
  int signal = 0;
};

/// Sends it and hears the answer line by line, in this thread, until it ends. SIGINT and SIGTERM
/// end it, too: the connection is closed, by which the server knows. An address of all interfaces
/// ("0.0.0.0", "::", none) stands for this machine.
HttpEnd call_lines(const HttpCall& call, const HttpListener& listener, const HttpTimes& times = {});

}  // namespace mexport::app
