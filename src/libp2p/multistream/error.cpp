// SPDX-License-Identifier: MIT
#include "libp2p/multistream/error.hpp"

#include <string>

namespace mexport::libp2p::multistream {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "multistream"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
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
};

}  // namespace

const std::error_category& error_category() {
  static const Category category;
  return category;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::multistream
