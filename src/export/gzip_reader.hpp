// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <memory>
#include <string>

namespace mexport::exporter {

/// Decompresses gzip members one after the other, from pieces of any size (zlib).
class GzipReader {
 public:
  enum class State : std::uint8_t {
    between,  ///< at the beginning, or after a whole member
    within,   ///< a member has begun and goes on
    broken,   ///< damaged; nothing more comes
  };

  GzipReader();
  ~GzipReader();
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) noexcept;

  /// Appends at most `limit` bytes of text to `out` and takes what it used off `input`. What is
  /// left of `input` has to be given again. Call it until `input` is empty and it appends nothing.
  State read(base::ByteView& input, std::size_t limit, std::string& out);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  State state_ = State::between;
};

}  // namespace mexport::exporter
