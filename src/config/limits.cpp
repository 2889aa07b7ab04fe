// SPDX-License-Identifier: MIT
#include "config/limits.hpp"

#include <array>
#include <type_traits>

namespace mexport::config {
namespace {

constexpr std::int64_t kMaxCount = 1'000'000;
constexpr std::int64_t kMaxTotalStreams = 100'000'000;
constexpr std::int64_t kMaxStreams = 65'536;
constexpr std::int64_t kMinPrefix = 8;
constexpr std::int64_t kMaxPrefix4 = 32;
constexpr std::int64_t kMaxPrefix6 = 64;
constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 40;
/// What yamux may have waiting by itself has to fit into a socket's share.
constexpr std::int64_t kMinUnsent = 2 * kMiB;
constexpr std::int64_t kMaxUnsent = 1024 * kMiB;
/// Of time-outs: no network is faster, no peer worth waiting for longer.
constexpr std::int64_t kMinTime = 100;
constexpr std::int64_t kMaxTime = 600'000;
/// Answers are found by 16 bit numbers.
constexpr std::int64_t kMaxAnswers = 65'535;

constexpr std::array kKeys{
    LimitKey{"MaxConnections", &Limits::max_connections, 0, kMaxCount},
    LimitKey{"MaxConnectionsPerIP", &Limits::max_connections_per_ip, 0, kMaxCount},
    LimitKey{"MaxConnectionsPerSubnet", &Limits::max_connections_per_subnet, 0, kMaxCount},
    LimitKey{"SubnetPrefixIPv4", &Limits::subnet_prefix_ip4, kMinPrefix, kMaxPrefix4},
    LimitKey{"SubnetPrefixIPv6", &Limits::subnet_prefix_ip6, kMinPrefix, kMaxPrefix6},
    LimitKey{"MaxHandshakes", &Limits::max_handshakes, 1, kMaxCount},
    LimitKey{"FirstBytesTimeout", &Limits::first_bytes_timeout, kMinTime, kMaxTime},
    LimitKey{"HandshakeTimeout", &Limits::handshake_timeout, kMinTime, kMaxTime},
    LimitKey{"DialTimeout", &Limits::dial_timeout, kMinTime, kMaxTime},
    LimitKey{"MaxDials", &Limits::max_dials, 1, kMaxCount},
    LimitKey{"MaxStreamsPerConnection", &Limits::max_streams_per_connection, 1, kMaxStreams},
    LimitKey{"MaxStreams", &Limits::max_streams, 1, kMaxTotalStreams},
    LimitKey{"MaxStreamsPerProtocol", &Limits::max_streams_per_protocol, 1, kMaxStreams},
    LimitKey{"MaxUnacceptedStreams", &Limits::max_unaccepted_streams, 1, kMaxStreams},
    LimitKey{"StreamNegotiationTimeout", &Limits::stream_negotiation_timeout, kMinTime, kMaxTime},
    LimitKey{"FramesAtOnce", &Limits::frames_at_once, 1, kMaxCount},
    LimitKey{"FramesPerSecond", &Limits::frames_per_second, 1, kMaxCount},
    LimitKey{"MaxBufferedBytesPerConnection", &Limits::max_buffered_bytes_per_connection, kMiB,
             kMaxBytes},
    LimitKey{"MaxBufferedBytes", &Limits::max_buffered_bytes, kMiB, kMaxBytes},
    LimitKey{"MaxUnsentBytes", &Limits::max_unsent_bytes, kMinUnsent, kMaxUnsent},
    LimitKey{"KeepAliveInterval", &Limits::keep_alive_interval, kMinTime, kMaxTime},
    LimitKey{"KeepAliveTimeout", &Limits::keep_alive_timeout, kMinTime, kMaxTime},
    LimitKey{"IdentifyTimeout", &Limits::identify_timeout, kMinTime, kMaxTime},
    LimitKey{"IdentifyPushesAtOnce", &Limits::identify_pushes_at_once, 1, kMaxCount},
    LimitKey{"IdentifyPushesPerMinute", &Limits::identify_pushes_per_minute, 1, kMaxCount},
    LimitKey{"EmptyMessagesAtOnce", &Limits::empty_messages_at_once, 1, kMaxCount},
    LimitKey{"EmptyMessagesPerSecond", &Limits::empty_messages_per_second, 1, kMaxCount},
    LimitKey{"MaxLedgerWants", &Limits::max_ledger_wants, 1, kMaxAnswers},
    LimitKey{"MaxPendingAnswers", &Limits::max_pending_answers, 1, kMaxAnswers},
    LimitKey{"MaxAnswerStreams", &Limits::max_answer_streams, 1, kMaxStreams},
    LimitKey{"AnswerTimeout", &Limits::answer_timeout, kMinTime, kMaxTime},
    LimitKey{"QueuedFacts", &Limits::queued_facts, 1, kMaxTotalStreams},
    LimitKey{"QueuedBytes", &Limits::queued_bytes, kMiB, kMaxBytes},
    LimitKey{"QueuedTraceBytes", &Limits::queued_trace_bytes, kMiB, kMaxBytes},
};

std::int64_t number(Limits::Milliseconds time) {
  return time.count();
}

template <class T>
std::int64_t number(T value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::int64_t LimitKey::get(const Limits& limits) const {
  return std::visit([&](auto m) { return number(limits.*m); }, member);
}

void LimitKey::set(Limits& limits, std::int64_t value) const {
  std::visit(
      [&](auto m) {
        using Value = std::remove_reference_t<decltype(limits.*m)>;
        limits.*m = Value(value);
      },
      member);
}

std::span<const LimitKey> limit_keys() {
  return kKeys;
}

}  // namespace mexport::config
