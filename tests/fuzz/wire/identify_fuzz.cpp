// SPDX-License-Identifier: MIT
#include "wire/identify.hpp"

#include <cstdlib>

using namespace mexport;

// What was read and is written again reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wire::IdentifyMessage message;
  if (!wire::merge_identify({data, size}, message)) return 0;
  const auto written = wire::encode_identify(message);
  wire::IdentifyMessage again;
  if (written.size() > wire::kMaxIdentifyMessageSize) std::abort();
  if (!wire::merge_identify(written, again)) std::abort();
  if (wire::encode_identify(again) != written) std::abort();
  return 0;
}
