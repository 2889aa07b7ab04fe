// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace mexport::crypto {

/// Standard alphabet with padding, as private keys stand in configurations. Runs in time that does
/// not depend on the bytes.
std::string encode_base64(base::ByteView bytes);
/// bad_base64 for wrong characters, missing padding or set trailing bits.
base::Result<base::Bytes> decode_base64(std::string_view text);

}  // namespace mexport::crypto
