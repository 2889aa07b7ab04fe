// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"

#include <cstddef>
#include <functional>
#include <utility>

namespace mexport::libp2p {

/// Bytes that peers may make us hold: messages, frames and records that are not complete, and what
/// they do not read. 0: no limit.
struct ByteLimits {
  std::size_t per_connection = 16 << 20;
  std::size_t total = 256 << 20;
};

/// What the connections of one swarm hold, in plain numbers: one thread that counts, no refusals.
/// Whoever grows beyond a limit is let be; `on_exceeded` is told, and its owner ends connections
/// later.
class ByteBudget {
 public:
  /// `on_exceeded` is called from within ByteAccount::change(), maybe often.
  ByteBudget(const ByteLimits& limits, std::function<void()> on_exceeded)
      : limits_(limits), on_exceeded_(std::move(on_exceeded)) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  /// Thread-safe.
  std::size_t held() const { return held_.value(); }
  const ByteLimits& limits() const { return limits_; }
  bool exceeded() const { return limits_.total != 0 && held() > limits_.total; }
  /// Whether so much is more than one connection may hold.
  bool is_too_much(std::size_t held) const {
    return limits_.per_connection != 0 && held > limits_.per_connection;
  }

 private:
  friend class ByteAccount;

  const ByteLimits limits_;
  std::function<void()> on_exceeded_;
  base::Counter held_;
};

/// One connection's part of a budget, given back with the account.
class ByteAccount {
 public:
  /// Counts, without limits, until it joins a budget.
  ByteAccount() = default;
  ~ByteAccount() {
    if (budget_ != nullptr) budget_->held_.sub(held_);
  }
  ByteAccount(const ByteAccount&) = delete;
  ByteAccount& operator=(const ByteAccount&) = delete;

  /// Once, while nothing is held.
  void join(ByteBudget& budget) { budget_ = &budget; }

  /// Something that took `before` bytes takes `now`.
  void change(std::size_t before, std::size_t now) {
    held_ += now - before;  // modulo 2^64, so that it may shrink
    if (budget_ == nullptr) return;
    budget_->held_.add(now - before);
    if (now <= before) return;
    if (budget_->exceeded() || budget_->is_too_much(held_)) budget_->on_exceeded_();
  }

  std::size_t held() const { return held_; }

 private:
  ByteBudget* budget_ = nullptr;
  std::size_t held_ = 0;
};

}  // namespace mexport::libp2p
