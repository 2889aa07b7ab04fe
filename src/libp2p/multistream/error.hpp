// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace mexport::libp2p::multistream {

/// Why a negotiation failed. Each ends what was negotiated: the connection or the stream.
enum class Error {
  token_too_long = 1,  ///< a token announces more than kMaxTokenSize bytes
  malformed_token,     ///< empty, without its newline, or with a length in non-minimal form
  wrong_header,        ///< the first token is not the header of multistream-select 1.0
  too_many_proposals,  ///< the peer proposed more than kMaxProposals protocols
  unexpected_answer,   ///< neither an echo of the proposal nor `na`
  refused,             ///< the peer knows none of our proposals
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::libp2p::multistream

template <>
struct std::is_error_code_enum<mexport::libp2p::multistream::Error> : std::true_type {};
