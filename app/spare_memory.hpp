// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace mexport::app {

/// Bytes of the process in memory; 0 when the system does not tell.
std::size_t resident_memory();

/// Makes the C library's allocator keep no more than a little at the end of what each thread has,
/// however large the blocks were that have been freed. To be called before other threads are there.
void limit_spare_memory();

/// Gives back to the system what a burst has left unused: the allocator keeps free memory that lies
/// below anything in use. While the process grows or shrinks, and for some looks after that, since
/// what is freed later may not be seen from the outside. Else a look costs one small read. One
/// thread.
class SpareMemory {
 public:
  static constexpr std::chrono::seconds kInterval{5};
  /// So much more or less counts as a change.
  static constexpr std::size_t kChange = 4 << 20;
  static constexpr int kLooksAfterChange = 3;

  /// Of the C library's allocator.
  SpareMemory();
  SpareMemory(std::function<std::size_t()> resident, std::function<void()> give_back);

  /// To be called each kInterval.
  void look();

 private:
  std::function<std::size_t()> resident_;
  std::function<void()> give_back_;
  std::size_t last_;  // after the last time
  int looks_left_ = 0;
};

}  // namespace mexport::app
