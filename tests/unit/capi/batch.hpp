// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "capi/mexport.h"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/bitswap_writer.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

/// Batches as a host writes them (mexport.h).
namespace mexport::capi::testing {

inline multiformats::PeerId peer(std::uint8_t n) {
  return multiformats::PeerId::from_sha256(base::Bytes(32, n));
}
inline base::Bytes cid(std::uint8_t n) {
  base::Bytes bytes{0x01, 0x55, 0x12, 0x20};
  bytes.resize(36, n);
  return bytes;
}
inline base::Bytes address(std::string_view text) {
  return base::to_bytes(multiformats::Multiaddr::from_string(text)->bytes());
}

/// One record.
class RecordWriter {
 public:
  explicit RecordWriter(std::uint8_t kind, std::uint8_t flags = 0, std::int64_t at = 0) {
    u32(0).u8(kind).u8(flags).u16(0).i64(at);
  }

  RecordWriter& u8(std::uint8_t value) { return integer(value, 1); }
  RecordWriter& u16(std::uint16_t value) { return integer(value, 2); }
  RecordWriter& u32(std::uint32_t value) { return integer(value, 4); }
  RecordWriter& u64(std::uint64_t value) { return integer(value, 8); }
  RecordWriter& i64(std::int64_t value) { return u64(static_cast<std::uint64_t>(value)); }
  RecordWriter& bytes(base::ByteView value) {
    u16(static_cast<std::uint16_t>(value.size()));
    base::append(bytes_, value);
    return *this;
  }
  RecordWriter& text(std::string_view value) { return bytes(base::as_bytes(value)); }
  RecordWriter& long_bytes(base::ByteView value) {
    u32(static_cast<std::uint32_t>(value.size()));
    base::append(bytes_, value);
    return *this;
  }
  RecordWriter& peer(std::uint8_t n) { return bytes(testing::peer(n).bytes()); }

  base::Bytes done() {
    const auto size = bytes_.size();
    for (std::size_t i = 0; i < 4; ++i) bytes_[i] = static_cast<std::uint8_t>(size >> (8 * i));
    return bytes_;
  }

 private:
  RecordWriter& integer(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }

  base::Bytes bytes_;
};

/// A WANT of one CID.
inline base::Bytes want_body(std::uint8_t n) {
  wire::BitswapMessageWriter writer(wire::BitswapProtocol::v1_2_0);
  const auto wanted = cid(n);
  writer.add_entry({.cid = wanted, .priority = 1, .want_type = wire::WantType::have});
  auto frame = writer.frame();
  frame.erase(frame.begin());  // its length, one byte
  return frame;
}

inline base::Bytes connected(std::uint8_t n, std::string_view name, std::int64_t at = 0,
                             std::uint8_t flags = 0,
                             std::string_view remote = "/ip4/192.0.2.1/tcp/4001") {
  return RecordWriter(MEXPORT_RECORD_CONNECTED, flags, at)
      .peer(n)
      .text(name)
      .bytes(address(remote))
      .bytes(address("/ip4/192.0.2.9/tcp/4001"))
      .i64(at)
      .text("/noise")
      .text("/yamux/1.0.0")
      .text("tcp")
      .done();
}

inline base::Bytes disconnected(std::string_view name, std::int64_t at = 0) {
  return RecordWriter(MEXPORT_RECORD_DISCONNECTED, 0, at).text(name).done();
}

/// With one block beside the protobuf.
inline base::Bytes message(std::uint8_t n, base::ByteView body, std::int64_t at = 0) {
  return RecordWriter(MEXPORT_RECORD_MESSAGE, 0, at)
      .peer(n)
      .u8(MEXPORT_BITSWAP_1_2_0)
      .u32(4711)
      .u32(1)
      .bytes(cid(77))
      .u32(1000)
      .long_bytes(body)
      .done();
}

inline base::Bytes identified(std::string_view name, std::string_view agent, std::int64_t at = 0) {
  return RecordWriter(MEXPORT_RECORD_IDENTIFIED, 0, at)
      .text(name)
      .text(agent)
      .text("ipfs/0.1.0")
      .u32(1)
      .text("/ipfs/bitswap/1.2.0")
      .u32(1)
      .bytes(address("/ip4/192.0.2.1/tcp/4001"))
      .bytes({})
      .long_bytes({})
      .done();
}

inline base::Bytes joined(const std::vector<base::Bytes>& records) {
  base::Bytes batch;
  for (const auto& record : records) base::append(batch, record);
  return batch;
}

}  // namespace mexport::capi::testing
