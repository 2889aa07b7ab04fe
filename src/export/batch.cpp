// SPDX-License-Identifier: MIT
#include "export/batch.hpp"

#include "export/large_event.hpp"

namespace mexport::exporter {

std::size_t Batch::memory_size() const {
  return lines.size() + (large ? large->memory_size() : 0);
}

BatchPtr with_text(const BatchPtr& batch) {
  if (!batch->large) return batch;
  auto out = std::make_shared<Batch>(*batch);
  out->large.reset();
  auto& event = out->events.front();
  event.reference_size = static_cast<std::uint32_t>(batch->large->append_text(out->lines));
  event.size = static_cast<std::uint32_t>(out->lines.size());
  out->lines.push_back('\n');
  return out;
}

}  // namespace mexport::exporter
