// SPDX-License-Identifier: MIT
#include "multiformats/cid.hpp"
#include "tests/fuzz/multiformats/require.hpp"

#include <algorithm>

using namespace mexport;
using multiformats::Cid;

namespace {

void as_bytes(base::ByteView input) {
  const auto view = multiformats::parse_cid(input);
  const auto cid = Cid::from_bytes(input);
  fuzz::require(view.has_value() == cid.has_value());
  if (!cid) return;
  fuzz::require(std::ranges::equal(cid->bytes(), input));
  const auto text = cid->to_string();
  if (text.size() > multiformats::kMaxCidText) return;
  const auto again = Cid::from_string(text);
  fuzz::require(again && *again == *cid);

  const base::ByteView digest = view->multihash.digest;
  const auto prefix = multiformats::parse_cid_prefix(input.first(input.size() - digest.size()));
  if (view->version == 0) return;
  fuzz::require(prefix.has_value());
  fuzz::require(multiformats::make_cid(*prefix, digest) == *cid);
}

void as_text(std::string_view text) {
  const auto cid = Cid::from_string(text);
  if (!cid) return;
  const auto canonical = cid->to_string();
  const auto again = Cid::from_string(canonical);
  if (canonical.size() <= multiformats::kMaxCidText) fuzz::require(again && *again == *cid);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  as_bytes({data, size});
  as_text(base::as_text({data, size}));
  static_cast<void>(multiformats::parse_cid_prefix({data, size}));
  return 0;
}
