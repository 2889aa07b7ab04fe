// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mexport::app {

/// Cuts what comes in pieces into lines, and holds no more than one line.
class LineSplitter {
 public:
  enum class State : std::uint8_t {
    open,      ///< goes on
    stopped,   ///< on_line wanted no more
    too_long,  ///< a line has more than the most that is allowed
  };
  /// Without its "\n", or "\r\n"; valid during the call. False: no more.
  using OnLine = std::function<bool(std::string_view line)>;

  /// `most`: bytes of a line.
  explicit LineSplitter(std::size_t most) : most_(most) {}

  /// Tells of each line that the piece ends. Not to be called again after another state than open.
  State take(std::string_view piece, const OnLine& on_line);
  /// What came behind the last line's end.
  const std::string& rest() const { return rest_; }

 private:
  const std::size_t most_;
  std::string rest_;
};

}  // namespace mexport::app
