// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mexport::libp2p {

/// Cuts what a peer sends into frames, however it comes in pieces. A frame that lies whole within
/// one piece is handed over where it lies; of any other the beginning is kept, in a buffer that is
/// freed with the frame. Free of I/O, one thread.
///
/// `Format` is the protocol's header:
///     static constexpr std::size_t kHeader;                               // its bytes
///     static base::Result<std::size_t> frame_size(base::ByteView header); // header included
/// Its error is final, and its largest size bounds the buffer.
template <class Format>
class FrameReader {
 public:
  /// Calls `on_frame(base::MutableByteView frame) -> base::Status`, header included, for each frame
  /// that is complete; the view ends with the call. Stops at the first error; nothing can be fed
  /// after one.
  template <class OnFrame>
  base::Status feed(base::MutableByteView in, const OnFrame& on_frame) {
    if (!partial_.empty()) {
      if (auto status = complete_partial(in, on_frame); !status) return status;
    }
    while (in.size() >= Format::kHeader) {
      const auto size = Format::frame_size(in.first(Format::kHeader));
      if (!size) return base::fail(size.error());
      if (in.size() < *size) break;
      const auto frame = in.first(*size);
      in = in.subspan(*size);
      if (auto status = on_frame(frame); !status) return status;
    }
    base::append(partial_, in);
    return {};
  }

  /// Bytes held of the frame that has begun.
  std::size_t buffered() const { return partial_.size(); }

 private:
  /// Takes from `in` what the frame that has begun lacks; hands it over when it is whole.
  template <class OnFrame>
  base::Status complete_partial(base::MutableByteView& in, const OnFrame& on_frame) {
    if (!fill_to(Format::kHeader, in)) return {};
    const auto size = Format::frame_size(base::ByteView(partial_).first(Format::kHeader));
    if (!size) return base::fail(size.error());
    if (!fill_to(*size, in)) return {};
    auto frame = std::exchange(partial_, {});
    return on_frame(base::MutableByteView(frame));
  }

  /// Whether `size` bytes are there, after taking from `in` what was missing.
  bool fill_to(std::size_t size, base::MutableByteView& in) {
    const auto missing = size - std::min(size, partial_.size());
    const auto taken = std::min(missing, in.size());
    base::append(partial_, in.first(taken));
    in = in.subspan(taken);
    return taken == missing;
  }

  base::Bytes partial_;
};

}  // namespace mexport::libp2p
