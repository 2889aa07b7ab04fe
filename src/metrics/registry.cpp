// SPDX-License-Identifier: MIT
#include "metrics/registry.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <utility>

namespace mexport::metrics {

namespace {

prometheus::MetricType to_library(Type type) {
  switch (type) {
    case Type::counter:
      return prometheus::MetricType::Counter;
    case Type::histogram:
      return prometheus::MetricType::Histogram;
    case Type::gauge:
      break;
  }
  return prometheus::MetricType::Gauge;
}

prometheus::ClientMetric::Histogram to_library(const Histogram& histogram) {
  prometheus::ClientMetric::Histogram out;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    cumulative += histogram.counts[i];
    const double bound =
        i < histogram.bounds.size() ? histogram.bounds[i] : std::numeric_limits<double>::infinity();
    out.bucket.push_back({cumulative, bound});
  }
  out.sample_count = cumulative;
  out.sample_sum = histogram.sum;
  return out;
}

prometheus::ClientMetric to_library(Sample&& sample, Type type) {
  prometheus::ClientMetric metric;
  for (auto& [name, value] : sample.labels) {
    metric.label.push_back({std::move(name), std::move(value)});
  }
  if (type == Type::counter) metric.counter.value = sample.value;
  if (type == Type::gauge) metric.gauge.value = sample.value;
  if (type == Type::histogram) metric.histogram = to_library(sample.histogram);
  return metric;
}

prometheus::MetricFamily to_library(Family&& family) {
  prometheus::MetricFamily out;
  out.name = std::move(family.name);
  out.help = std::move(family.help);
  out.type = to_library(family.type);
  for (auto& sample : family.samples) {
    out.metric.push_back(to_library(std::move(sample), family.type));
  }
  return out;
}

}  // namespace

class Registry::Impl {
 public:
  void add(Collector collector) {
    const std::lock_guard lock(mutex_);
    collectors_.push_back(std::move(collector));
  }

  Families collect() {
    const std::lock_guard lock(mutex_);
    Families families;
    for (const auto& collector : collectors_) collector(families);
    return families;
  }

 private:
  std::mutex mutex_;
  std::vector<Collector> collectors_;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

void Registry::add(Collector collector) {
  impl_->add(std::move(collector));
}

std::string Registry::text() const {
  auto families = impl_->collect();
  std::erase_if(families, [](const Family& family) { return family.samples.empty(); });
  std::ranges::sort(families, {}, &Family::name);
  std::vector<prometheus::MetricFamily> out;
  out.reserve(families.size());
  for (auto& family : families) out.push_back(to_library(std::move(family)));
  return prometheus::TextSerializer().Serialize(out);
}

}  // namespace mexport::metrics
