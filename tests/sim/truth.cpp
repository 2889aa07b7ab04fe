// SPDX-License-Identifier: MIT
#include "tests/sim/truth.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mexport::sim {
namespace {

/// Tells our CIDs from others.
constexpr std::uint8_t kMark = 0x5a;

const monitor::ConnectionFacts& connection_of(const monitor::Fact& fact) {
  return *std::visit([](const auto& f) -> const auto& { return f.connection; }, fact);
}

}  // namespace

std::size_t Truth::add_stream(SentStream stream) {
  streams_.push_back(std::move(stream));
  return streams_.size() - 1;
}

std::uint64_t Truth::add_message(std::size_t stream) {
  messages_.push_back({.stream = stream, .index = streams_[stream].written++});
  return messages_.size() - 1;
}

void Truth::take_back_message() {
  --streams_[messages_.back().stream].written;
  messages_.pop_back();
}

multiformats::Cid Truth::cid_of(std::uint64_t number) {
  std::array<std::uint8_t, 32> digest{};
  digest.fill(kMark);
  for (std::size_t i = 0; i < 8; ++i) digest[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return multiformats::Cid::v1(static_cast<std::uint64_t>(multiformats::Multicodec::raw),
                               static_cast<std::uint64_t>(multiformats::HashCode::sha2_256),
                               digest);
}

std::optional<std::uint64_t> Truth::number_of(const multiformats::Cid& cid) {
  const auto bytes = cid.bytes();
  if (bytes.size() != 36 || bytes.back() != kMark) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{bytes[4 + i]} << (8 * i);
  return number;
}

void Truth::hear(const monitor::Fact& fact) {
  const auto& connection = connection_of(fact);
  HeardFact heard{.kind = kind_of(fact), .at = time_of(fact), .connection = connection.id};
  hear_connection(fact, connection.id);
  if (const auto* received = std::get_if<monitor::BitswapMessageReceived>(&fact)) {
    hear_message(*received, heard);
  }
  fingerprint_.add(static_cast<std::uint64_t>(heard.kind));
  fingerprint_.add(heard.connection);
  fingerprint_.add(heard.message);
  ++run().count[static_cast<std::size_t>(heard.kind)];
  run().facts.push_back(heard);
}

void Truth::hear_connection(const monitor::Fact& fact, std::uint64_t id) {
  if (std::exchange(open_run_, runs_.size()) != runs_.size()) {
    open_.clear();
    open_from_.clear();
  }
  check_shown(connection_of(fact));
  count_address(fact);
  const auto found = open_.find(id);
  if (std::holds_alternative<monitor::Connected>(fact)) {
    if (found != open_.end()) fault("connection {} connects twice", id);
    open_[id] = true;
    return;
  }
  if (found == open_.end()) return fault("a fact of connection {} before it connects", id);
  if (!found->second) return fault("a fact of connection {} after its end", id);
  if (std::holds_alternative<monitor::Disconnected>(fact)) found->second = false;
}

void Truth::check_shown(const monitor::ConnectionFacts& connection) {
  if (discretion_.excluded.contains(connection.peer)) {
    fault("connection {} is recorded although its peer is excluded", connection.id);
  }
}

/// As far as addresses are shown in full.
void Truth::count_address(const monitor::Fact& fact) {
  const auto& connection = connection_of(fact);
  if (discretion_.per_address == 0 || connection.direction != monitor::Direction::inbound) {
    return;
  }
  // Of an IPv6 address 64 bits, which end before "::" in those of the simulation.
  const auto& remote = connection.remote;
  auto& open = open_from_[remote.substr(0, std::min(remote.find("::"), remote.find("/tcp")))];
  if (std::holds_alternative<monitor::Disconnected>(fact)) {
    --open;
  } else if (std::holds_alternative<monitor::Connected>(fact) && ++open > discretion_.per_address) {
    fault("{} connections from where {} comes from", open, remote);
  }
}

void Truth::hear_message(const monitor::BitswapMessageReceived& received, HeardFact& heard) {
  const auto& message = received.message;
  if (message.wantlist.empty()) return fault("a message was heard that nobody sent");
  const auto cid = multiformats::Cid::from_bytes(message.cid(message.wantlist.front().cid));
  const auto number = cid ? number_of(*cid) : std::nullopt;
  if (!number || *number >= messages_.size()) return fault("a message was heard that nobody sent");
  heard.message = *number;
  auto& sent = messages_[*number];
  auto& stream = streams_[sent.stream];
  if (std::exchange(sent.heard, true)) fault("message {} was heard twice", *number);
  if (discretion_.privacy->shown(stream.peer) != received.connection->peer) {
    fault("message {} has another peer", *number);
  }
  if (stream.excluded) fault("message {} is recorded although it is excluded", *number);
  if (stream.tls_only && received.connection->security != "tls") {
    fault("message {} of a peer with TLS alone came by {}", *number, received.connection->security);
  }
  if (sent.index != stream.recorded) {
    fault("message {} is number {} of its stream, {} was expected", *number, sent.index,
          stream.recorded);
  }
  stream.recorded = sent.index + 1;
}

void Truth::check_heard() {
  std::uint64_t excluded_sent = 0;
  std::uint64_t excluded_arrived = 0;
  for (std::size_t number = 0; number < messages_.size(); ++number) {
    const auto& sent = messages_[number];
    const auto& stream = streams_[sent.stream];
    excluded_sent += stream.excluded ? 1 : 0;
    if (sent.heard || !sent.way || stream.refused) continue;
    if (sent.end > sent.way->heard()) continue;
    if (stream.excluded) {
      ++excluded_arrived;
    } else {
      fault("message {} came through and was not heard", number);
    }
  }
  if (excluded_ < excluded_arrived || excluded_ > excluded_sent) {
    fault("{} messages are counted as excluded, {} came through of {} sent", excluded_,
          excluded_arrived, excluded_sent);
  }
}

}  // namespace mexport::sim
