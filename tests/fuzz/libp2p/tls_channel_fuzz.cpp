// SPDX-License-Identifier: MIT
// The record layer, beyond its authentication: the input is a list of records (type and size of the
// content, content, padding), sealed as an authenticated peer would seal them, and tells in which
// pieces they come. What is passed on must be the data among them.
#include "libp2p/tls/channel.hpp"
#include "tests/fuzz/libp2p/security_harness.hpp"

#include <algorithm>
#include <cstdlib>

using namespace mexport;
using namespace mexport::libp2p;

namespace {

/// Takes up to `size` bytes off the front.
base::ByteView take(base::ByteView& in, std::size_t size) {
  const auto taken = in.first(std::min(size, in.size()));
  in = in.subspan(taken.size());
  return taken;
}

void seal(crypto::Aead& aead, tls::TrafficKeys& keys, const base::Bytes& inner, base::Bytes& wire) {
  const auto start = wire.size();
  const auto fragment = inner.size() + crypto::kAeadTagSize;
  wire.resize(start + tls::kRecordHeader + fragment);
  const auto record = base::MutableByteView(wire).subspan(start);
  tls::write_record_header(tls::RecordType::application_data, fragment, record.data());
  keys.seal(aead, record.first(tls::kRecordHeader), inner, record.subspan(tls::kRecordHeader));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static crypto::Aead aead;
  if (size < 2) return 0;
  const auto direction = (data[0] & 1) != 0 ? Direction::outbound : Direction::inbound;
  const auto cipher =
      (data[0] & 2) != 0 ? crypto::AeadCipher::aes_128_gcm : crypto::AeadCipher::chacha20_poly1305;
  const std::size_t step = std::size_t{data[1]} * 7 + 1;
  tls::TrafficKeys keys(cipher, {});
  tls::Channel channel(aead, direction, {cipher, {}, {}});
  base::ByteView rest(data + 2, size - 2);
  base::Bytes wire;
  base::Bytes expected;
  while (rest.size() >= 3 && wire.size() < 100'000) {
    const auto header = take(rest, 3);
    const auto content = take(rest, header[1]);
    base::Bytes inner = base::to_bytes(content);
    inner.push_back(header[0]);
    inner.resize(inner.size() + std::size_t{header[2]} * 70);
    seal(aead, keys, inner, wire);
    // A type of zero is padding too, and what stands before it is the type.
    while (!inner.empty() && inner.back() == 0) inner.pop_back();
    if (!inner.empty() && inner.back() == 23) {
      base::append(expected, base::ByteView(inner).first(inner.size() - 1));
    }
  }
  fuzz::Collector collector;
  base::MutableByteView in(wire);
  base::Status status;
  while (!in.empty() && status) {
    const auto piece = in.first(std::min(step, in.size()));
    status = channel.receive(piece, collector);
    in = in.subspan(piece.size());
    if (channel.buffered() > tls::kRecordHeader + tls::kMaxRecordFragment) std::abort();
  }
  const auto& got = collector.bytes;
  fuzz::require_beginning(got, expected);
  base::Bytes out;
  channel.send(got, out);
  channel.close(out);
  return 0;
}
