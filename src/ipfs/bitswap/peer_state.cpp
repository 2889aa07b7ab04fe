// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/peer_state.hpp"

#include "multiformats/cid.hpp"

#include <utility>

namespace mexport::ipfs {
namespace {

/// The oldest protocols have no presences.
bool carries_presences(wire::BitswapProtocol protocol) {
  return protocol == wire::BitswapProtocol::v1_2_0 || protocol == wire::BitswapProtocol::v1_1_0;
}

/// Identity CIDs hold their data themselves: nobody needs to be asked for it. boxo ignores such
/// wants too (bitswap/server/internal/decision/engine.go); before March 2026 it disconnected.
bool is_ignored(base::ByteView cid) {
  return cid.size() > kMaxAnsweredCidSize || multiformats::is_identity_cid(cid);
}

Ledger::Want want_of(const wire::WantlistEntry& entry) {
  const bool have = entry.want_type == static_cast<std::int32_t>(wire::WantType::have);
  return {.type = have ? wire::WantType::have : wire::WantType::block,
          .send_dont_have = entry.send_dont_have};
}

}  // namespace

PeerState::PeerState(BitswapShared& shared, std::unique_ptr<StreamOpener> opener)
    : shared_(shared), opener_(std::move(opener)) {}

PeerState::~PeerState() {
  close();
}

AnswerQueue& PeerState::answers() {
  if (!answers_) answers_ = std::make_unique<AnswerQueue>(shared_, *opener_);
  return *answers_;
}

void PeerState::take_wantlist(const wire::BitswapMessage& message, wire::BitswapProtocol protocol) {
  if (closed_) return;
  const std::size_t before = ledger_.size();
  if (message.full) {
    ledger_.clear();
    if (answers_) answers_->cancel_all();
    if (server_) server_->cancel_all();
  }
  take_wants(message, shared_.options.answer && carries_presences(protocol));
  take_cancels(message);
  if (answers_) answers_->settle();
  shared_.counters.live_wants.add(ledger_.size() - before);  // the difference may be negative
}

// Beyond the ledger's bound an entry that asks for no answer costs no hash.
void PeerState::take_wants(const wire::BitswapMessage& message, bool answerable) {
  std::uint64_t ignored = 0;
  std::uint64_t not_remembered = 0;
  for (const auto& entry : message.wantlist) {
    if (entry.cancel) continue;
    const base::ByteView cid = message.cid(entry.cid);
    if (is_ignored(cid)) {
      ++ignored;
      continue;
    }
    if (shared_.blocks && take_servable(cid, want_of(entry))) continue;
    const bool full = ledger_.size() >= shared_.options.max_ledger_wants;
    const bool answer = answerable && entry.send_dont_have;
    if (full) ++not_remembered;
    if (full && !answer) continue;
    const std::uint64_t hash = shared_.hasher(cid);
    if (!full) ledger_.add(hash, want_of(entry));
    if (answer) answers().add(hash, cid);
  }
  shared_.counters.wants_ignored.add(ignored);
  shared_.counters.ledger_full.add(not_remembered);
}

/// Whether we have it. A block that is on its way is no live want.
bool PeerState::take_servable(base::ByteView cid, Ledger::Want want) {
  const auto parts = multiformats::parse_cid(cid);
  if (!parts) return false;
  auto data = shared_.blocks->find(parts->multihash_bytes);
  if (!data) return false;
  if (!server_) server_ = std::make_unique<BlockServer>(shared_, *opener_);
  const std::uint64_t hash = shared_.hasher(cid);
  const bool block = want.type == wire::WantType::block;
  if (block) {
    ledger_.cancel(hash);
  } else if (ledger_.size() < shared_.options.max_ledger_wants) {
    ledger_.add(hash, want);
  }
  server_->add(
      {.hash = hash, .cid = cid, .data = std::move(data), .block = block, .message = messages_});
  return true;
}

void PeerState::serve() {
  if (server_) server_->settle();
}

void PeerState::take_cancels(const wire::BitswapMessage& message) {
  for (const auto& entry : message.wantlist) {
    if (!entry.cancel) continue;
    const std::uint64_t hash = shared_.hasher(message.cid(entry.cid));
    ledger_.cancel(hash);
    if (answers_) answers_->cancel(hash);
    if (server_) server_->cancel(hash);
  }
}

void PeerState::close() {
  if (std::exchange(closed_, true)) return;
  if (answers_) answers_->close();
  if (server_) server_->close();
  shared_.counters.live_wants.sub(ledger_.size());
  ledger_.clear();
}

}  // namespace mexport::ipfs
