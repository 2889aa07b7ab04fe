// SPDX-License-Identifier: MIT
#include "libp2p/yamux/error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::libp2p::yamux {
namespace {

std::string_view describe(Error error) {
  switch (error) {
    case Error::wrong_version:
      return "frame of an unknown version";
    case Error::unknown_type:
      return "frame of an unknown type";
    case Error::wrong_parity:
      return "stream id of the wrong parity";
    case Error::stream_id_in_use:
      return "stream id in use";
    case Error::window_overrun:
      return "more data than the window allows";
    case Error::output_stuck:
      return "the peer does not read our answers";
    case Error::rate_limited:
      return "too many frames without payload";
    case Error::keep_alive_lost:
      return "no answer to a keep-alive ping";
    case Error::session_closed:
      return "the session is closed";
    case Error::too_many_unacked:
      return "too many streams wait for acknowledgement";
    case Error::stream_ids_exhausted:
      return "stream ids are exhausted";
  }
  return "unknown yamux error";
}

}  // namespace

bool is_protocol_error(std::error_code error) {
  return error.category() == error_category() &&
         error.value() >= static_cast<int>(Error::wrong_version) &&
         error.value() <= static_cast<int>(Error::window_overrun);
}

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("yamux", describe);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::yamux
