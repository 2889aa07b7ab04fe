// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mexport::wire {

/// Limits on what one identify stream may hold (go-libp2p: p2p/protocol/identify/id.go).
inline constexpr std::size_t kMaxIdentifyMessageSize = 8 << 10;
inline constexpr std::size_t kMaxIdentifyMessages = 10;
inline constexpr std::size_t kMaxIdentifyProtocols = 1024;
inline constexpr std::size_t kMaxIdentifyAddresses = 500;
/// As multistream-select: a longer id could not be negotiated.
inline constexpr std::size_t kMaxProtocolIdSize = 1024;
/// What we send stays below this: go-libp2p cuts at 4 KiB, rust-libp2p reads one message of 4 KiB.
inline constexpr std::size_t kIdentifySendTarget = 2 << 10;

/// What a peer says of itself (specs: identify/README.md). Fields keep the bytes of the wire; texts
/// are not checked for UTF-8.
struct IdentifyMessage {
  std::optional<base::Bytes> public_key;  ///< key protobuf
  std::vector<base::Bytes> listen_addrs;  ///< binary multiaddrs, not checked
  std::vector<std::string> protocols;
  std::optional<base::Bytes> observed_addr;  ///< the reader's address as the sender sees it
  std::optional<std::string> protocol_version;
  std::optional<std::string> agent_version;
  std::optional<base::Bytes> signed_peer_record;  ///< envelope, see open_peer_record()
};

/// Decodes one message into `out`, over what earlier messages of the stream left there: lists grow,
/// other fields are replaced. Protocols and addresses beyond their limits are an error
/// (too_many_protocols, too_many_addresses, protocol_too_long), as are a broken protobuf
/// (bad_protobuf, wrong_wire_type) and more than kMaxIdentifyMessageSize bytes (message_too_large).
/// `out` may then hold a part of the message.
base::Status merge_identify(base::ByteView body, IdentifyMessage& out);

/// The protobuf without its length prefix, fields in the order of their numbers.
base::Bytes encode_identify(const IdentifyMessage& message);

}  // namespace mexport::wire
