// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/ledger.hpp"

namespace mexport::ipfs {
namespace {

constexpr std::uint16_t kBlock = 1;
constexpr std::uint16_t kSendDontHave = 2;

std::uint16_t flags_of(Ledger::Want want) {
  const bool block = want.type == wire::WantType::block;
  return static_cast<std::uint16_t>((block ? kBlock : 0) |
                                    (want.send_dont_have ? kSendDontHave : 0));
}

}  // namespace

void Ledger::add(std::uint64_t cid_hash, Want want) {
  const std::uint16_t flags = flags_of(want);
  const auto known = wants_ ? wants_->find(cid_hash) : std::nullopt;
  if (known && (*known | flags) == *known) return;
  if (!wants_) wants_ = std::make_unique<CidTable>();
  wants_->set(cid_hash, static_cast<std::uint16_t>(known.value_or(0) | flags));
}

bool Ledger::cancel(std::uint64_t cid_hash) {
  if (!wants_ || !wants_->erase(cid_hash)) return false;
  if (wants_->size() == 0) wants_.reset();
  return true;
}

std::optional<Ledger::Want> Ledger::find(std::uint64_t cid_hash) const {
  const auto flags = wants_ ? wants_->find(cid_hash) : std::nullopt;
  if (!flags) return std::nullopt;
  return Want{.type = (*flags & kBlock) != 0 ? wire::WantType::block : wire::WantType::have,
              .send_dont_have = (*flags & kSendDontHave) != 0};
}

}  // namespace mexport::ipfs
