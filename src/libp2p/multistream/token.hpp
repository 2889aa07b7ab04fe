// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace mexport::libp2p::multistream {

/// First token each way.
inline constexpr std::string_view kHeader = "/multistream/1.0.0";
/// The responder's refusal of one proposal.
inline constexpr std::string_view kNotAvailable = "na";
/// Longest text accepted, its newline included (go-multistream: multistream.go).
inline constexpr std::size_t kMaxTokenSize = 1024;

/// Appends `uvarint(length) | text | '\n'`. `text` is shorter than kMaxTokenSize.
void append_token(base::Bytes& out, std::string_view text);

/// Cuts a stream of bytes into tokens, whatever its fragmentation. Holds memory only while a token
/// is incomplete, at most kMaxTokenSize and its length.
class TokenReader {
 public:
  /// Takes the next token off the front of `in`; nullopt when `in` ended first (it is empty then).
  /// The text comes without its newline and is valid until the next call and as long as the bytes
  /// of `in`. Bytes behind the token are left in `in`. Errors: token_too_long, malformed_token.
  base::Result<std::optional<std::string_view>> next(base::ByteView& in);

 private:
  base::Result<std::optional<std::string_view>> next_from_partial(base::ByteView& in);

  base::Bytes partial_;    // an incomplete token from its length on, or the last token that was
  bool complete_ = false;  // partial_ holds a token already returned
};

}  // namespace mexport::libp2p::multistream
