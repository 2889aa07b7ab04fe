// SPDX-License-Identifier: MIT
#include "wire/peer_id.hpp"
#include "wire/signed_peer_record.hpp"

#include <cstdlib>

using namespace mexport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto opened = wire::open_peer_record({data, size});
  if (!opened) return 0;
  if (opened->record.peer_id != wire::peer_id_of(opened->signer)) std::abort();
  if (opened->record.addresses.size() > wire::kMaxRecordAddresses) std::abort();
  return 0;
}
