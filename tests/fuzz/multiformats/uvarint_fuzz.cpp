// SPDX-License-Identifier: MIT
#include "multiformats/error.hpp"
#include "multiformats/uvarint.hpp"
#include "tests/fuzz/multiformats/require.hpp"

#include <algorithm>

using namespace mexport;
using multiformats::Error;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(data, size);
  const auto number = multiformats::decode_uvarint(input);
  if (!number) {
    if (number.error() == Error::truncated) fuzz::require(size < multiformats::kMaxUvarintSize);
    return 0;
  }
  base::Bytes again;
  multiformats::append_uvarint(again, number->value);
  fuzz::require(multiformats::uvarint_size(number->value) == number->size);
  fuzz::require(std::ranges::equal(again, input.first(number->size)));
  // Each shorter piece of it is unfinished, not wrong.
  for (std::size_t part = 0; part < number->size; ++part) {
    const auto cut = multiformats::decode_uvarint(input.first(part));
    fuzz::require(!cut && cut.error() == Error::truncated);
  }
  return 0;
}
