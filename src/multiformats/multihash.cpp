// SPDX-License-Identifier: MIT
#include "multiformats/multihash.hpp"

#include "multiformats/error.hpp"
#include "multiformats/uvarint.hpp"

namespace mexport::multiformats {

base::Result<MultihashView> parse_multihash(base::ByteView bytes) {
  const auto code = decode_uvarint(bytes);
  if (!code) return base::fail(code.error());
  bytes = bytes.subspan(code->size);
  const auto length = decode_uvarint(bytes);
  if (!length) return base::fail(length.error());
  bytes = bytes.subspan(length->size);
  if (length->value > kMaxDigestSize) return base::fail(Error::bad_multihash);
  if (bytes.size() < length->value) return base::fail(Error::truncated);
  if (bytes.size() > length->value) return base::fail(Error::trailing_bytes);
  return MultihashView{code->value, bytes};
}

void append_multihash(base::Bytes& out, std::uint64_t code, base::ByteView digest) {
  append_uvarint(out, code);
  append_uvarint(out, digest.size());
  base::append(out, digest);
}

}  // namespace mexport::multiformats
