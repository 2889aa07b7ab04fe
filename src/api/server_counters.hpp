// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "metrics/family.hpp"

#include <array>
#include <cstddef>

namespace mexport::api {

/// What a server counts. Written on its thread, read from anywhere.
struct ServerCounters {
  base::Counter connections;             ///< open now
  std::array<base::Counter, 5> answers;  ///< by class of their status: 1xx, 2xx, …
  base::Counter turned_away;             ///< connections beyond the limit

  void count_answer(unsigned status) {
    const std::size_t status_class = status / 100;
    if (status_class >= 1 && status_class <= answers.size()) answers[status_class - 1].add();
  }
};

/// For Prometheus.
void collect_server(const ServerCounters& counters, metrics::Families& families);

}  // namespace mexport::api
