// SPDX-License-Identifier: MIT
#include "monitor/ask_plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::monitor {
namespace {

/// What an entry takes beside its CID.
constexpr std::size_t kEntryOverhead = 32;

std::shared_ptr<const wire::OutgoingWantlist> wants_of(const Ask& ask) {
  auto wantlist = std::make_shared<wire::OutgoingWantlist>();
  for (const auto& cid : ask.cids) {
    wantlist->entries.push_back({.cid = cid,
                                 .priority = std::numeric_limits<std::int32_t>::max(),
                                 .want_type = wire::WantType::have,
                                 .send_dont_have = true});
  }
  return wantlist;
}

std::shared_ptr<const wire::OutgoingWantlist> cancels_of(const Ask& ask) {
  auto wantlist = std::make_shared<wire::OutgoingWantlist>();
  for (const auto& cid : ask.cids) wantlist->entries.push_back({.cid = cid, .cancel = true});
  return wantlist;
}

bool before(base::ByteView a, base::ByteView b) {
  return std::ranges::lexicographical_compare(a, b);
}

}  // namespace

AskedCids::AskedCids(const Ask& ask, std::weak_ptr<AskListener> listener)
    : request_(ask.request), listener_(std::move(listener)), cids_(ask.cids) {
  std::ranges::sort(cids_, before, &multiformats::Cid::bytes);
}

bool AskedCids::contains(base::ByteView cid) const {
  const auto found = std::ranges::lower_bound(cids_, cid, before, &multiformats::Cid::bytes);
  return found != cids_.end() && std::ranges::equal(found->bytes(), cid);
}

AskPlan::AskPlan(const Ask& ask, std::shared_ptr<AskListener> listener,
                 std::vector<std::uint64_t> connections, std::size_t shards)
    : kind_(ask.kind),
      cancel_after_(ask.cancel_after),
      listener_(std::move(listener)),
      request_(ask.request),
      asked_(ask.kind == AskKind::cancel ? nullptr
                                         : std::make_shared<const AskedCids>(ask, listener_)),
      want_(wants_of(ask)),
      cancel_(cancels_of(ask)),
      connections_(std::move(connections)),
      shards_left_(shards) {
  std::ranges::sort(connections_);
  for (const auto& cid : ask.cids) message_size_ += cid.bytes().size() + kEntryOverhead;
}

AskPlan::~AskPlan() {
  if (shards_left_ > 0) listener_->on_done(true);
}

bool AskPlan::chosen(std::uint64_t connection) const {
  return std::ranges::binary_search(connections_, connection);
}

void AskPlan::shard_done(bool stopped) {
  if (stopped) stopped_ = true;
  if (shards_left_.fetch_sub(1) == 1) listener_->on_done(stopped_);
}

}  // namespace mexport::monitor
