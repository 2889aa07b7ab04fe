// SPDX-License-Identifier: MIT
#include "ipfs/blocks/block_set.hpp"

#include <utility>

namespace mexport::ipfs {

void BlockSet::add(base::ByteView multihash, Data data) {
  auto& held = blocks_[std::string(base::as_text(multihash))];
  if (held) bytes_ -= held->size();
  bytes_ += data->size();
  held = std::move(data);
}

BlockSet::Data BlockSet::find(base::ByteView multihash) const {
  const auto found = blocks_.find(base::as_text(multihash));
  return found == blocks_.end() ? nullptr : found->second;
}

}  // namespace mexport::ipfs
