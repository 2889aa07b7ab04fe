// SPDX-License-Identifier: MIT
#pragma once

#include "api/message.hpp"

#include <string>
#include <utility>
#include <vector>

namespace mexport::api::testing {

/// One exchange of tests/vectors/golden/http-*.jsonl.
struct Exchange {
  std::string name;
  std::string request;   ///< as it was sent
  std::string response;  ///< as it came
};
std::vector<Exchange> read_exchanges(const std::string& file);

/// A request as the server hands it on. Pre-condition: it has a well-formed head.
Request to_request(const std::string& text);

/// An answer without what differs from run to run and what the server adds: Date, Content-Length,
/// Connection.
struct Answer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< sorted
  std::string body;

  bool operator==(const Answer&) const = default;
};
Answer to_answer(const std::string& text);
/// The same of ours; a source is read to its end.
Answer to_answer(const Request& request, Response response);

/// Whether the reference sent a broadcast, or told of its peers, to give this answer.
bool needs_peers(const Exchange& exchange);

}  // namespace mexport::api::testing
