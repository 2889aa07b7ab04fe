// SPDX-License-Identifier: MIT
// Any batch of a host: it is taken whole or refused whole, and what is taken can be taken in.
#include "capi/foreign_host.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace {

using namespace mexport;

class Sink final : public monitor::ObservationSink {
 public:
  void submit(monitor::Fact&& fact) noexcept override {
    if (monitor::time_of(fact) < last_) std::abort();
    last_ = monitor::time_of(fact);
  }
  void begin_batch(base::SteadyTime) noexcept override {}
  void end_batch() noexcept override {}

 private:
  base::SteadyTime last_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto records = capi::decode_batch({data, size});
  if (!records) {
    if (records.error().what.empty() || records.error().offset > size) std::abort();
    return 0;
  }
  static const base::SystemClock clock;
  static const auto privacy = std::make_shared<const monitor::Privacy>();
  Sink sink;
  capi::CommandQueue commands;
  capi::ForeignHost host(
      {.clock = clock, .privacy = privacy, .sink = sink, .commands = commands, .log = {}}, {});
  host.take(std::move(*records));
  if (host.census().connections != host.peers()->connections()) std::abort();
  return 0;
}
