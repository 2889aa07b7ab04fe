// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "monitor/asking.hpp"
#include "multiformats/cid.hpp"
#include "wire/outgoing_wantlist.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mexport::monitor {

/// What a request asked for, for as long as answers may come.
class AskedCids {
 public:
  AskedCids(const Ask& ask, std::weak_ptr<AskListener> listener);

  std::uint64_t request() const { return request_; }
  /// nullptr when nobody listens any more.
  std::shared_ptr<AskListener> listener() const { return listener_.lock(); }
  bool contains(base::ByteView cid) const;

 private:
  std::uint64_t request_;
  std::weak_ptr<AskListener> listener_;
  std::vector<multiformats::Cid> cids_;  // in the order of their bytes
};

/// One ask on its way through the shards of a node: what is sent, to whom, and who hears of it. The
/// last shard that is done says so; one that never begins is done when the plan goes.
class AskPlan {
 public:
  /// `connections`: one of each peer.
  AskPlan(const Ask& ask, std::shared_ptr<AskListener> listener,
          std::vector<std::uint64_t> connections, std::size_t shards);
  ~AskPlan();
  AskPlan(const AskPlan&) = delete;
  AskPlan& operator=(const AskPlan&) = delete;

  AskKind kind() const { return kind_; }
  std::chrono::seconds cancel_after() const { return cancel_after_; }
  const std::shared_ptr<const wire::OutgoingWantlist>& want() const { return want_; }
  const std::shared_ptr<const wire::OutgoingWantlist>& cancel() const { return cancel_; }
  /// What a WANT asks for; null for those who send none.
  const std::shared_ptr<const AskedCids>& asked() const { return asked_; }
  std::uint64_t request() const { return request_; }
  /// Bytes of a message, roughly and rather more.
  std::size_t message_size() const { return message_size_; }

  bool chosen(std::uint64_t connection) const;
  AskListener& listener() { return *listener_; }
  void shard_done(bool stopped);

 private:
  const AskKind kind_;
  const std::chrono::seconds cancel_after_;
  const std::shared_ptr<AskListener> listener_;
  const std::uint64_t request_;
  const std::shared_ptr<const AskedCids> asked_;
  const std::shared_ptr<const wire::OutgoingWantlist> want_;
  const std::shared_ptr<const wire::OutgoingWantlist> cancel_;
  std::size_t message_size_ = 0;
  std::vector<std::uint64_t> connections_;  // in order
  std::atomic<std::size_t> shards_left_;
  std::atomic<bool> stopped_{false};
};

}  // namespace mexport::monitor
