// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::multiformats {

/// The prefix letters that we read and write (multiformats/multibase: multibase.csv).
enum class Multibase : char {
  base16 = 'f',
  base16_upper = 'F',
  base32 = 'b',
  base32_upper = 'B',
  base36 = 'k',
  base36_upper = 'K',
  base58btc = 'z',
  base64 = 'm',
  base64_padded = 'M',
  base64url = 'u',
  base64url_padded = 'U',
};

/// Longest text and longest data that base 58 and base 36, whose cost is quadratic, accept.
inline constexpr std::size_t kMaxRadixText = 4096;
inline constexpr std::size_t kMaxRadixData = 4096;

/// Reads text with its prefix letter. Base 16, 32 and 36 take either case, as the reference does.
/// Errors: truncated (empty text), bad_multibase, too_long.
base::Result<base::Bytes> decode_multibase(std::string_view text);
/// With the prefix letter. Pre-condition for base 36 and 58: at most kMaxRadixData bytes.
std::string encode_multibase(Multibase base, base::ByteView data);

/// The forms without a prefix letter, as peer ids and version 0 CIDs use them.
/// The append forms leave what `out` already holds.
void append_base58(std::string& out, base::ByteView data);
std::string encode_base58(base::ByteView data);
base::Result<base::Bytes> decode_base58(std::string_view text);

/// RFC 4648, lower case, no padding: the way every version 1 CID is printed.
void append_base32_lower(base::ByteView data, std::string& out);

}  // namespace mexport::multiformats
