// SPDX-License-Identifier: MIT
#include "api/server_counters.hpp"

#include <string>
#include <utility>

namespace mexport::api {

using metrics::Family;
using metrics::Type;

void collect_server(const ServerCounters& counters, metrics::Families& families) {
  Family answers{"mexport_http_answers_total",
                 Type::counter,
                 "Answers of the HTTP API, by class of their status.",
                 {}};
  for (std::size_t i = 1; i < counters.answers.size(); ++i) {
    answers.add({{"status", std::to_string(i + 1) + "xx"}}, counters.answers[i].value());
  }
  families.push_back(std::move(answers));
  families.push_back({"mexport_http_connections",
                      Type::gauge,
                      "Open connections of the HTTP API.",
                      {{{}, static_cast<double>(counters.connections.value())}}});
  families.push_back({"mexport_http_turned_away_total",
                      Type::counter,
                      "Connections to the HTTP API beyond their limit.",
                      {{{}, static_cast<double>(counters.turned_away.value())}}});
}

}  // namespace mexport::api
