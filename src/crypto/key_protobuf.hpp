// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"

namespace mexport::crypto {

/// The message that public and private keys share (specs: peer-ids/peer-ids.md): Type = 1 (enum),
/// Data = 2 (bytes), both required.
struct KeyProtobuf {
  KeyType type;
  base::ByteView data;  // a part of the decoded bytes
};

/// Errors: bad_key, unsupported_key_type.
base::Result<KeyProtobuf> decode_key(base::ByteView protobuf);
/// Deterministic: type first, both fields always there.
base::Bytes encode_key(KeyType type, base::ByteView data);
/// How many bytes stand before `Data` in encode_key()'s result.
std::size_t key_header_size(std::size_t data_size);

}  // namespace mexport::crypto
