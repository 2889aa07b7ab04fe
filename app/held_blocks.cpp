// SPDX-License-Identifier: MIT
#include "app/held_blocks.hpp"

#include <algorithm>
#include <utility>

namespace mexport::app {
namespace {

/// File systems count time in steps; two changes within one look alike.
constexpr std::chrono::seconds kTimeStep{2};

bool same(const std::vector<storage::StoredBlock>& a, const std::vector<storage::StoredBlock>& b) {
  return std::ranges::equal(a, b, [](const auto& left, const auto& right) {
    return left.cid == right.cid && left.size == right.size;
  });
}

}  // namespace

void HeldBlocks::look() {
  if (!has_changed()) return;
  auto blocks = files_.list();
  if (!blocks) return complain(blocks.error());
  error_.clear();
  if (same(*blocks, blocks_)) return;
  blocks_ = std::move(*blocks);
  auto loaded = load();
  log_.info("{} blocks of {} bytes are there for peers, from {}", loaded->size(), loaded->bytes(),
            files_.folder().string());
  serve_(std::move(loaded));
}

bool HeldBlocks::has_changed() {
  const auto changed_at = files_.changed_at();
  if (!changed_at) {
    complain(changed_at.error());
    return false;
  }
  if (*changed_at == changed_at_ && settled_) return false;
  changed_at_ = *changed_at;
  settled_ =
      !changed_at_ || std::filesystem::file_time_type::clock::now() - *changed_at_ > kTimeStep;
  return true;
}

std::shared_ptr<const ipfs::BlockSet> HeldBlocks::load() {
  auto set = std::make_shared<ipfs::BlockSet>();
  std::size_t beyond = 0;
  for (const auto& block : blocks_) {
    if (set->size() >= files_.limits().max_blocks ||
        set->bytes() + block.size > files_.limits().max_bytes) {
      ++beyond;
      continue;
    }
    auto data = files_.get(block.cid);
    if (!data) {
      log_.warn("block {} is left out: {}", block.cid.to_string(), data.error().message());
    } else if (*data) {
      set->add(block.cid.view().multihash_bytes,
               std::make_shared<const base::Bytes>(std::move(**data)));
    }
  }
  if (beyond > 0) {
    log_.warn("{} blocks are left out: beyond BlockStore.MaxBlocks or BlockStore.MaxBytes", beyond);
  }
  return set;
}

/// Once, as long as it stays the same.
void HeldBlocks::complain(std::error_code error) {
  if (std::exchange(error_, error) == error) return;
  log_.warn("cannot read the block store {}: {}", files_.folder().string(), error.message());
}

}  // namespace mexport::app
