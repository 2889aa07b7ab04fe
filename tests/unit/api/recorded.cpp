// SPDX-License-Identifier: MIT
#include "tests/unit/api/recorded.hpp"

#include "api/target.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mexport::api::testing {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The lines up to the empty one, which is taken too.
std::vector<std::string> take_head(std::string& text) {
  std::vector<std::string> lines;
  for (;;) {
    const auto end = text.find("\r\n");
    if (end == std::string::npos) throw std::runtime_error("a head without an end");
    auto line = text.substr(0, end);
    text.erase(0, end + 2);
    if (line.empty()) return lines;
    lines.push_back(std::move(line));
  }
}

std::pair<std::string, std::string> header(const std::string& line) {
  const auto colon = line.find(": ");
  return {line.substr(0, colon), line.substr(colon + 2)};
}

bool differs_from_run_to_run(const std::string& name) {
  return name == "Date" || name == "Content-Length" || name == "Connection";
}

std::string without_chunks(const std::string& text) {
  std::string body;
  for (std::size_t at = 0;;) {
    const auto size = std::stoul(text.substr(at), nullptr, 16);
    if (size == 0) return body;
    at = text.find("\r\n", at) + 2;
    body += text.substr(at, size);
    at += size + 2;
  }
}

}  // namespace

std::vector<Exchange> read_exchanges(const std::string& file) {
  std::vector<Exchange> exchanges;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto value = boost::json::parse(line);
    const auto text = [&](const char* key) { return std::string(value.at(key).as_string()); };
    exchanges.push_back({text("name"), text("request"), text("response")});
  }
  return exchanges;
}

Request to_request(const std::string& text) {
  std::string rest = text;
  const auto lines = take_head(rest);
  Request request;
  std::istringstream first(lines.front());
  std::string target;
  first >> request.method >> target;
  const auto parsed = parse_target(target).value();
  request.path = parsed.path;
  request.query = parsed.query;
  request.has_query = parsed.has_query;
  request.loopback = true;
  request.body = rest;
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    const auto [name, value] = header(*line);
    if (name == "Host") request.host = value;
    if (name == "Transfer-Encoding") request.body = without_chunks(rest);
  }
  return request;
}

Answer to_answer(const std::string& text) {
  Answer answer;
  answer.body = text;
  auto lines = take_head(answer.body);
  if (lines.front().starts_with("HTTP/1.1 100")) lines = take_head(answer.body);
  answer.status = static_cast<unsigned>(std::stoul(lines.front().substr(9)));
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    auto field = header(*line);
    if (!differs_from_run_to_run(field.first)) answer.headers.push_back(std::move(field));
  }
  std::ranges::sort(answer.headers);
  return answer;
}

Answer to_answer(const Request& request, Response response) {
  Answer answer{.status = response.status, .headers = response.headers, .body = response.body};
  if (!response.content_type.empty()) {
    answer.headers.emplace_back("Content-Type", response.content_type);
  }
  while (response.source && response.source->next(answer.body) == BodySource::Step::more) {
  }
  if (request.method == "HEAD") answer.body.clear();
  std::ranges::sort(answer.headers);
  return answer;
}

bool needs_peers(const Exchange& exchange) {
  return exchange.response.find("\"peers\":") != std::string::npos ||
         exchange.response.find("\"peer_metadata\":") != std::string::npos;
}

}  // namespace mexport::api::testing
