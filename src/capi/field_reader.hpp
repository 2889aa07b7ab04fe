// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mexport::capi {

/// Reads the fields of one record one after the other. The first that does not fit or does not hold
/// leaves a fault; from then on all are empty.
class FieldReader {
 public:
  explicit FieldReader(base::ByteView fields) : rest_(fields) {}

  std::uint8_t u8() { return integer<std::uint8_t>(); }
  std::uint16_t u16() { return integer<std::uint16_t>(); }
  std::uint32_t u32() { return integer<std::uint32_t>(); }
  std::uint64_t u64() { return integer<std::uint64_t>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  base::WallTime time() { return base::WallTime(std::chrono::nanoseconds(i64())); }
  /// With a length of 16 bits, or of 32.
  base::ByteView bytes() { return take(u16()); }
  base::ByteView long_bytes() { return take(u32()); }
  std::string text();

  /// How many items follow that take at least `least` bytes each.
  std::size_t count(std::size_t least);

  void fail(std::string_view what) {
    if (fault_.empty()) fault_ = what;
    rest_ = {};
  }
  bool ok() const { return fault_.empty(); }
  bool at_end() const { return rest_.empty(); }
  /// Static storage; empty while all is well.
  std::string_view fault() const { return fault_; }

 private:
  base::ByteView take(std::size_t size) {
    if (size > rest_.size()) {
      fail("a field ends beyond its record");
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  template <class Integer>
  Integer integer() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof(Integer));
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | bytes[i];
    return static_cast<Integer>(value);
  }

  base::ByteView rest_;
  std::string_view fault_;
};

}  // namespace mexport::capi
