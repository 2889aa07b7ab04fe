// SPDX-License-Identifier: MIT
// Any bytes as a file of a record: it ends, each event's text is one, and a newline at the end of
// the file takes none away.
#include "tests/unit/export/memory_disk.hpp"

#include "compare/record_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace mexport;

std::uint64_t events_of(base::ByteView bytes) {
  exporter::testing::MemoryDisk disk;
  disk.write_all("/record", std::string(base::as_text(bytes)));
  std::uint64_t told = 0;
  compare::RecordReader reader(disk, {"/record"}, [&](const auto&, auto) { ++told; });
  compare::Event again;
  for (std::uint64_t events = 0;; ++events) {
    const auto event = reader.next();
    if (!event) std::abort();
    if (*event == nullptr) {
      if (reader.problems() != told) std::abort();
      return events;
    }
    if (!compare::parse_event(reader.text(), again) || again.key != (*event)->key) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(data, size);
  base::Bytes ended(bytes.begin(), bytes.end());
  ended.push_back('\n');
  const auto events = events_of(bytes);
  const bool gzip = size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
  if (!gzip && events_of(ended) < events) std::abort();
  return 0;
}
