// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/family.hpp"

#include <functional>
#include <memory>
#include <string>

namespace mexport::metrics {

/// Where values are asked for when somebody looks (Prometheus calls it a scrape): nothing is kept
/// in between. Thread-safe.
class Registry {
 public:
  /// Called at each scrape, by one thread at a time; neither throws nor calls the registry.
  using Collector = std::function<void(Families&)>;

  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  void add(Collector collector);

  /// All families by name, in the text format 0.0.4 (kContentType).
  std::string text() const;
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::metrics
