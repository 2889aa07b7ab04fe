// SPDX-License-Identifier: MIT
// Any bytes as a trace file: read twice, in pieces of two sizes, the lines must be the same.
#include "export/trace_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace mexport;

class Input final : public exporter::InputFile {
 public:
  Input(base::ByteView bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  base::Result<std::size_t> read(base::MutableByteView buffer) override {
    const auto count = std::min({buffer.size(), bytes_.size(), piece_});
    std::copy_n(bytes_.begin(), count, buffer.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  base::ByteView bytes_;
  std::size_t piece_;
};

std::pair<std::string, exporter::TraceEnd> read_all(base::ByteView bytes, std::size_t piece) {
  exporter::TraceReader reader(std::make_unique<Input>(bytes, piece));
  std::string lines;
  for (;;) {
    const auto line = reader.next();
    if (!line || !*line) break;
    lines.append(**line).push_back('\n');
  }
  return {std::move(lines), reader.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(data, size);
  if (read_all(bytes, 1 << 16) != read_all(bytes, 3)) std::abort();
  return 0;
}
