// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/x25519.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p::noise {

/// As go-libp2p: a longer list of muxers counts as none.
inline constexpr std::size_t kMaxMuxers = 100;

/// NoiseHandshakePayload (libp2p specs: noise/README.md): identity_key = 1, identity_sig = 2,
/// extensions = 4 with stream_muxers = 2. Other fields are ignored. Views of what was decoded.
struct Payload {
  base::ByteView identity_key;
  base::ByteView identity_signature;
  std::vector<std::string_view> muxers;
};

/// bad_payload when it is no such protobuf or lacks the key or the signature.
base::Result<Payload> decode_payload(base::ByteView bytes);

base::Bytes encode_payload(base::ByteView identity_key, base::ByteView identity_signature,
                           std::span<const std::string> muxers);

/// What an identity key signs to vouch for a static key.
base::Bytes signed_text(const crypto::X25519PublicKey& static_key);

}  // namespace mexport::libp2p::noise
