// SPDX-License-Identifier: MIT
#include "wire/length_delimited.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace {

using namespace mexport;

struct Outcome {
  std::vector<base::Bytes> messages;
  std::error_code error;
  bool operator==(const Outcome&) const = default;
};

Outcome read(base::ByteView stream, std::size_t piece) {
  Outcome out;
  wire::LengthDelimitedReader reader(1 << 16);
  std::size_t arrived = 0;
  while (!stream.empty()) {
    const auto part = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(part.size());
    arrived += part.size();
    const auto status = reader.feed(part, [&](base::ByteView body) -> base::Status {
      out.messages.push_back(base::to_bytes(body));
      return {};
    });
    if (!status) {
      out.error = status.error();
      return out;
    }
    if (reader.memory_size() > 2 * arrived) std::abort();
  }
  return out;
}

}  // namespace

// The first byte says in what pieces the rest arrives; the outcome must not depend on it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::ByteView stream(data + 1, size - 1);
  if (read(stream, std::size_t{data[0]} + 1) != read(stream, size)) std::abort();
  return 0;
}
