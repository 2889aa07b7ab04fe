// SPDX-License-Identifier: MIT
#include "export/batch_builder.hpp"

#include <algorithm>
#include <utility>

namespace mexport::exporter {

std::string& BatchBuilder::text() {
  if (!batch_) {
    batch_ = std::make_unique<Batch>();
    batch_->lines.reserve(limits_.bytes + limits_.bytes / 8);
    batch_->events.reserve(std::min<std::size_t>(limits_.events, 256));
  }
  return batch_->lines;
}

std::size_t BatchBuilder::commit(monitor::EventKind kind, std::uint64_t sequence,
                                 std::size_t reference_size, base::WallTime timestamp) {
  auto& batch = *batch_;
  if (batch.events.empty()) batch.first = timestamp;
  batch.last = timestamp;
  batch.events.push_back({.sequence = sequence,
                          .offset = static_cast<std::uint32_t>(committed_),
                          .size = static_cast<std::uint32_t>(batch.lines.size() - committed_),
                          .reference_size = static_cast<std::uint32_t>(reference_size),
                          .kind = kind});
  batch.lines.push_back('\n');
  const auto begin = std::exchange(committed_, batch.lines.size());
  return committed_ - begin;
}

bool BatchBuilder::full() const {
  return batch_ &&
         (batch_->lines.size() >= limits_.bytes || batch_->events.size() >= limits_.events);
}

void BatchBuilder::begin_age(base::SteadyTime now) {
  if (!due_ && !empty()) due_ = now + limits_.age;
}

BatchPtr BatchBuilder::take() {
  due_.reset();
  committed_ = 0;
  if (empty()) return nullptr;
  // It may wait for a second until it is safe: not with room for what did not come.
  if (batch_->lines.size() < limits_.bytes / 4) batch_->lines.shrink_to_fit();
  return BatchPtr(std::exchange(batch_, nullptr));
}

}  // namespace mexport::exporter
