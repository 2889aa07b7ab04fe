// SPDX-License-Identifier: MIT
#include "monitor/observation.hpp"

#include <numeric>

namespace mexport::monitor {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::size_t text_size(const std::vector<std::string>& texts) {
  return std::accumulate(texts.begin(), texts.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& text) {
                           return sum + sizeof(std::string) + text.capacity();
                         });
}

std::size_t beyond_itself(const PeerIdentified& fact) {
  return fact.protocol_version.capacity() + text_size(fact.protocols) +
         text_size(fact.listen_addrs) + fact.observed_addr.capacity() + fact.error.capacity();
}

/// What the probe asks is shared by all peers.
std::size_t beyond_itself(const BitswapSent& fact) {
  const auto* served = std::get_if<Served>(&fact.content);
  if (served == nullptr) return 0;
  std::size_t size = 0;
  for (const auto* cids : {&served->reply.blocks, &served->reply.haves}) {
    for (const auto& cid : *cids) size += sizeof cid + cid.bytes().size();
  }
  return size;
}

}  // namespace

std::string_view to_string(Direction direction) {
  return direction == Direction::inbound ? "inbound" : "outbound";
}

std::string_view to_string(ClosedBy closed_by) {
  switch (closed_by) {
    case ClosedBy::local:
      return "local";
    case ClosedBy::remote:
      return "remote";
    case ClosedBy::error:
      break;
  }
  return "error";
}

std::string_view to_string(IdentifyCause cause) {
  switch (cause) {
    case IdentifyCause::initial:
      return "initial";
    case IdentifyCause::push:
      return "push";
    case IdentifyCause::failed:
      break;
  }
  return "failed";
}

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::bitswap_message:
      return "bitswap_message";
    case EventKind::connection_event:
      return "connection_event";
    case EventKind::identify_event:
      return "identify_event";
    case EventKind::heartbeat:
      return "heartbeat";
    case EventKind::gap:
      return "gap";
    case EventKind::run_info:
      return "run_info";
    case EventKind::bitswap_sent:
      break;
  }
  return "bitswap_sent";
}

EventKind kind_of(const Fact& fact) {
  return std::visit(Overloaded{
                        [](const BitswapMessageReceived&) { return EventKind::bitswap_message; },
                        [](const Connected&) { return EventKind::connection_event; },
                        [](const Disconnected&) { return EventKind::connection_event; },
                        [](const PeerIdentified&) { return EventKind::identify_event; },
                        [](const BitswapSent&) { return EventKind::bitswap_sent; },
                    },
                    fact);
}

base::SteadyTime time_of(const Fact& fact) {
  return std::visit(Overloaded{
                        [](const BitswapMessageReceived& message) { return message.received_at; },
                        [](const auto& other) { return other.at; },
                    },
                    fact);
}

std::size_t memory_size(const Fact& fact) {
  return sizeof(Fact) +
         std::visit(Overloaded{
                        [](const BitswapMessageReceived& received) {
                          return received.message.memory_size() +
                                 received.answer_to.capacity() * sizeof(std::uint64_t);
                        },
                        [](const PeerIdentified& identified) { return beyond_itself(identified); },
                        [](const BitswapSent& sent) { return beyond_itself(sent); },
                        [](const auto&) { return std::size_t{0}; },
                    },
                    fact);
}

}  // namespace mexport::monitor
