// SPDX-License-Identifier: MIT
#include "wire/identify.hpp"

#include "wire/error.hpp"
#include "wire/protobuf_reader.hpp"
#include "wire/protobuf_writer.hpp"

namespace mexport::wire {
namespace {

std::string to_text(base::ByteView bytes) {
  return std::string(base::as_text(bytes));
}

void read_address(ProtobufReader& in, IdentifyMessage& out) {
  const base::ByteView address = in.bytes();
  if (out.listen_addrs.size() == kMaxIdentifyAddresses) return in.fail(Error::too_many_addresses);
  out.listen_addrs.push_back(base::to_bytes(address));
}

void read_protocol(ProtobufReader& in, IdentifyMessage& out) {
  const base::ByteView protocol = in.bytes();
  if (protocol.size() > kMaxProtocolIdSize) return in.fail(Error::protocol_too_long);
  if (out.protocols.size() == kMaxIdentifyProtocols) return in.fail(Error::too_many_protocols);
  out.protocols.push_back(to_text(protocol));
}

// Field numbers: specs identify/README.md.
void read_field(ProtobufReader& in, IdentifyMessage& out) {
  switch (in.field()) {
    case 1:
      out.public_key = base::to_bytes(in.bytes());
      return;
    case 2:
      return read_address(in, out);
    case 3:
      return read_protocol(in, out);
    case 4:
      out.observed_addr = base::to_bytes(in.bytes());
      return;
    case 5:
      out.protocol_version = to_text(in.bytes());
      return;
    case 6:
      out.agent_version = to_text(in.bytes());
      return;
    case 8:
      out.signed_peer_record = base::to_bytes(in.bytes());
      return;
    default:
      return in.skip();
  }
}

}  // namespace

base::Status merge_identify(base::ByteView body, IdentifyMessage& out) {
  if (body.size() > kMaxIdentifyMessageSize) return base::fail(Error::message_too_large);
  ProtobufReader in(body);
  while (in.next()) read_field(in, out);
  if (in.failed()) return base::fail(in.error());
  return {};
}

base::Bytes encode_identify(const IdentifyMessage& message) {
  base::Bytes bytes;
  ProtobufWriter out(bytes);
  if (message.public_key) add_bytes(out, 1, *message.public_key);
  for (const auto& address : message.listen_addrs) add_bytes(out, 2, address);
  for (const auto& protocol : message.protocols) out.add_string(3, protocol);
  if (message.observed_addr) add_bytes(out, 4, *message.observed_addr);
  if (message.protocol_version) out.add_string(5, *message.protocol_version);
  if (message.agent_version) out.add_string(6, *message.agent_version);
  if (message.signed_peer_record) add_bytes(out, 8, *message.signed_peer_record);
  return bytes;
}

}  // namespace mexport::wire
