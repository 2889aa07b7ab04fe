// SPDX-License-Identifier: MIT
#include "libp2p/stream_error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::libp2p {
namespace {

std::string_view describe(StreamError error) {
  switch (error) {
    case StreamError::closed:
      return "the stream is closed";
    case StreamError::write_buffer_full:
      return "the peer does not read: too many bytes wait";
    case StreamError::negotiation_failed:
      return "the stream ended before a protocol was agreed on";
  }
  return "unknown stream error";
}

}  // namespace

const std::error_category& stream_category() {
  static const base::ErrorCategory<StreamError> kCategory("stream", describe);
  return kCategory;
}

std::error_code make_error_code(StreamError error) {
  return {static_cast<int>(error), stream_category()};
}

}  // namespace mexport::libp2p
