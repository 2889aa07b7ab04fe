// SPDX-License-Identifier: MIT
#include "wire/signed_peer_record.hpp"

#include "wire/error.hpp"
#include "wire/length_delimited.hpp"
#include "wire/peer_id.hpp"
#include "wire/protobuf_reader.hpp"
#include "wire/protobuf_writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mexport::wire {
namespace {

constexpr std::string_view kDomain = "libp2p-peer-record";
/// Two raw bytes, not a varint (go-libp2p: core/peer/record.go).
constexpr std::array<std::uint8_t, 2> kPayloadType{0x03, 0x01};

/// go-libp2p: core/record/pb/envelope.proto. Views into the envelope's bytes.
struct Envelope {
  base::ByteView public_key;
  base::ByteView payload_type;
  base::ByteView payload;
  base::ByteView signature;
};

base::Result<Envelope> decode_envelope(base::ByteView bytes) {
  Envelope out;
  ProtobufReader in(bytes);
  while (in.next()) {
    switch (in.field()) {
      case 1:
        out.public_key = in.bytes();
        break;
      case 2:
        out.payload_type = in.bytes();
        break;
      case 3:
        out.payload = in.bytes();
        break;
      case 5:
        out.signature = in.bytes();
        break;
      default:
        in.skip();
    }
  }
  if (in.failed()) return base::fail(in.error());
  return out;
}

base::Bytes signed_bytes(base::ByteView payload) {
  base::Bytes out;
  append_length_delimited(out, base::as_bytes(kDomain));
  append_length_delimited(out, kPayloadType);
  append_length_delimited(out, payload);
  return out;
}

void read_address(ProtobufReader& outer, PeerRecord& out) {
  base::ByteView address;
  ProtobufReader in(outer.bytes());
  while (in.next()) {
    if (in.field() == 1) {
      address = in.bytes();
    } else {
      in.skip();
    }
  }
  if (out.addresses.size() == kMaxRecordAddresses) in.fail(Error::too_many_addresses);
  if (in.failed()) return outer.fail(in.error());
  out.addresses.push_back(base::to_bytes(address));
}

base::Result<PeerRecord> decode_record(base::ByteView payload) {
  PeerRecord out;
  base::ByteView peer_id;
  ProtobufReader in(payload);
  while (in.next()) {
    if (in.field() == 1) {
      peer_id = in.bytes();
    } else if (in.field() == 2) {
      out.sequence = in.varint();
    } else if (in.field() == 3) {
      read_address(in, out);
    } else {
      in.skip();
    }
  }
  if (in.failed()) return base::fail(in.error());
  const auto parsed = multiformats::PeerId::from_bytes(peer_id);
  if (!parsed) return base::fail(Error::record_key_mismatch);
  out.peer_id = *parsed;
  return out;
}

base::Bytes encode_record(const PeerRecord& record) {
  base::Bytes bytes;
  ProtobufWriter out(bytes);
  add_bytes(out, 1, record.peer_id.bytes());
  out.add_uint64(2, record.sequence);
  for (const auto& address : record.addresses) {
    ProtobufWriter info(out, 3);
    add_bytes(info, 1, address);
  }
  return bytes;
}

}  // namespace

base::Result<SignedPeerRecord> open_peer_record(base::ByteView envelope) {
  if (envelope.size() > kMaxEnvelopeSize) return base::fail(Error::message_too_large);
  const auto parts = decode_envelope(envelope);
  if (!parts) return base::fail(parts.error());
  if (!std::ranges::equal(parts->payload_type, kPayloadType)) {
    return base::fail(Error::wrong_payload_type);
  }
  auto signer = crypto::PublicKey::from_protobuf(parts->public_key);
  if (!signer) return base::fail(Error::bad_public_key);
  if (!signer->verify(signed_bytes(parts->payload), parts->signature)) {
    return base::fail(Error::bad_signature);
  }
  auto record = decode_record(parts->payload);
  if (!record) return base::fail(record.error());
  if (record->peer_id != peer_id_of(*signer)) return base::fail(Error::record_key_mismatch);
  return SignedPeerRecord{std::move(*signer), std::move(*record)};
}

base::Result<base::Bytes> seal_peer_record(const PeerRecord& record,
                                           const crypto::PrivateKey& key) {
  const base::Bytes payload = encode_record(record);
  const auto signature = key.sign(signed_bytes(payload));
  if (!signature) return base::fail(signature.error());
  base::Bytes bytes;
  ProtobufWriter out(bytes);
  add_bytes(out, 1, key.public_key().protobuf());
  add_bytes(out, 2, kPayloadType);
  add_bytes(out, 3, payload);
  add_bytes(out, 5, *signature);
  return bytes;
}

}  // namespace mexport::wire
