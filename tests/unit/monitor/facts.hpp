// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/observation.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Facts for tests, with times counted from one fixed moment.
namespace mexport::monitor::testing {

inline base::SteadyTime at_ms(std::int64_t ms) {
  return base::SteadyTime(std::chrono::hours(1)) + std::chrono::milliseconds(ms);
}

inline ConnectionFactsPtr connection(std::uint64_t id = 7) {
  auto facts = std::make_shared<ConnectionFacts>();
  facts->id = id;
  facts->peer_text = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";
  facts->remote = "/ip4/127.0.0.1/tcp/33292";
  facts->local = "/ip4/127.0.0.1/tcp/4001";
  facts->transport = "tcp";
  facts->security = "noise";
  facts->opened_at = at_ms(0);
  return facts;
}

inline Connected connected(std::int64_t ms, std::uint64_t id = 7) {
  return {.connection = connection(id), .at = at_ms(ms), .peer_connections = 1};
}

/// A CIDv1 of codec raw with a sha2-256 digest that `n` makes.
inline base::Bytes raw_cid(std::uint32_t n) {
  base::Bytes cid{0x01, 0x55, 0x12, 0x20};
  for (int i = 0; i < 32; ++i) cid.push_back(static_cast<std::uint8_t>(n >> (8 * (i % 4))));
  return cid;
}

/// Puts messages together as the decoder leaves them.
class MessageBuilder {
 public:
  MessageBuilder& want(std::uint32_t cid, std::int32_t priority, std::int32_t type,
                       bool cancel = false, bool send_dont_have = false) {
    message_.wantlist.push_back({.cid = add(cid),
                                 .priority = priority,
                                 .want_type = type,
                                 .cancel = cancel,
                                 .send_dont_have = send_dont_have});
    return *this;
  }
  MessageBuilder& block(std::uint32_t cid, std::uint32_t size) {
    message_.blocks.push_back({.cid = add(cid), .size = size});
    return *this;
  }
  MessageBuilder& presence(std::uint32_t cid, std::int32_t type) {
    message_.presences.push_back({.cid = add(cid), .type = type});
    return *this;
  }
  wire::BitswapMessage build() { return std::move(message_); }

 private:
  wire::CidSlice add(std::uint32_t n) {
    const auto bytes = raw_cid(n);
    const auto offset = static_cast<std::uint32_t>(message_.cids.size());
    base::append(message_.cids, bytes);
    return {.offset = offset, .size = static_cast<std::uint32_t>(bytes.size())};
  }

  wire::BitswapMessage message_;
};

inline BitswapMessageReceived received(std::int64_t ms, wire::BitswapMessage message = {}) {
  return {.connection = connection(),
          .received_at = at_ms(ms),
          .message = std::move(message),
          .connected_addresses = nullptr,
          .agent_version = nullptr,
          .stream = 0,
          .protocol = wire::BitswapProtocol::v1_2_0};
}

/// Both clocks under the test's control. Thread-safe.
class ManualClock final : public base::Clock {
 public:
  base::SteadyTime now() const override { return at_ms(0) + std::chrono::nanoseconds(passed_); }
  base::WallTime wall_now() const override {
    return kStart + std::chrono::nanoseconds(passed_ + wall_set_by_);
  }

  void advance(std::chrono::nanoseconds by) { passed_ += by.count(); }
  void set_wall_by(std::chrono::nanoseconds by) { wall_set_by_ += by.count(); }

 private:
  static constexpr base::WallTime kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) +
                                         std::chrono::hours(20)};

  std::atomic<std::int64_t> passed_{0};
  std::atomic<std::int64_t> wall_set_by_{0};
};

}  // namespace mexport::monitor::testing
