// SPDX-License-Identifier: MIT
#include "multiformats/multibase.hpp"
#include "tests/fuzz/multiformats/require.hpp"

using namespace mexport;
using multiformats::Multibase;

namespace {

void as_text(std::string_view text) {
  const auto data = multiformats::decode_multibase(text);
  if (!data || data->size() > multiformats::kMaxRadixData) return;
  const auto base = static_cast<Multibase>(text.front());
  const auto again = multiformats::decode_multibase(multiformats::encode_multibase(base, *data));
  fuzz::require(again && *again == *data);
}

void as_data(base::ByteView data) {
  if (data.size() > 512) return;
  const auto text = multiformats::encode_base58(data);
  const auto back = multiformats::decode_base58(text);
  fuzz::require(back && *back == base::to_bytes(data));

  std::string base32(1, static_cast<char>(Multibase::base32));
  multiformats::append_base32_lower(data, base32);
  fuzz::require(base32 == multiformats::encode_multibase(Multibase::base32, data));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  as_text(base::as_text({data, size}));
  as_data({data, size});
  return 0;
}
