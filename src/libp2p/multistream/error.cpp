// SPDX-License-Identifier: MIT
#include "libp2p/multistream/error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::libp2p::multistream {
namespace {

std::string_view describe(Error error) {
  switch (error) {
    case Error::token_too_long:
      return "token too long";
    case Error::malformed_token:
      return "malformed token";
    case Error::wrong_header:
      return "the peer does not speak multistream-select 1.0";
    case Error::too_many_proposals:
      return "too many proposals";
    case Error::unexpected_answer:
      return "unexpected answer to a proposal";
    case Error::refused:
      return "the peer knows none of the proposed protocols";
  }
  return "unknown multistream error";
}

}  // namespace

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("multistream", describe);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::multistream
