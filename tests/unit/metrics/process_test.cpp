// SPDX-License-Identifier: MIT
#include "metrics/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace mexport::metrics {
namespace {

double value_of(const Families& families, const std::string& name) {
  const auto found = std::ranges::find(families, name, &Family::name);
  if (found == families.end() || found->samples.size() != 1) {
    ADD_FAILURE() << name;
    return 0;
  }
  return found->samples[0].value;
}

TEST(Process, TellsOfThisOne) {
  Families families;
  collect_process(families);
  EXPECT_GE(value_of(families, "process_cpu_seconds_total"), 0);
  EXPECT_GE(value_of(families, "process_threads"), 1);
  EXPECT_GE(value_of(families, "process_open_fds"), 3);
  EXPECT_GE(value_of(families, "process_max_fds"), value_of(families, "process_open_fds"));
  EXPECT_GT(value_of(families, "process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value_of(families, "process_virtual_memory_bytes"),
            value_of(families, "process_resident_memory_bytes"));
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  EXPECT_LE(value_of(families, "process_start_time_seconds"), now.count() + 2);
  EXPECT_GT(value_of(families, "process_start_time_seconds"), now.count() - 3600);
}

}  // namespace
}  // namespace mexport::metrics
