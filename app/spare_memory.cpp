// SPDX-License-Identifier: MIT
#include "app/spare_memory.hpp"

#include <fstream>
#include <malloc.h>
#include <unistd.h>
#include <utility>

namespace mexport::app {
namespace {

/// Without them the allocator's own limits follow the largest block ever freed, up to 32 and 64
/// MiB.
constexpr int kLargeBlock = 128 << 10;
constexpr int kSpareAtEnd = 2 << 20;

bool differ(std::size_t a, std::size_t b) {
  return (a > b ? a - b : b - a) >= SpareMemory::kChange;
}

}  // namespace

std::size_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void limit_spare_memory() {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kSpareAtEnd);
}

SpareMemory::SpareMemory() : SpareMemory(resident_memory, [] { ::malloc_trim(0); }) {}

SpareMemory::SpareMemory(std::function<std::size_t()> resident, std::function<void()> give_back)
    : resident_(std::move(resident)), give_back_(std::move(give_back)), last_(resident_()) {}

void SpareMemory::look() {
  const std::size_t before = resident_();
  if (differ(before, last_)) looks_left_ = kLooksAfterChange;
  if (looks_left_ == 0) return;
  --looks_left_;
  give_back_();
  last_ = resident_();
  if (differ(before, last_)) looks_left_ = kLooksAfterChange;
}

}  // namespace mexport::app
