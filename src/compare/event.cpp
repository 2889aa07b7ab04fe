// SPDX-License-Identifier: MIT
#include "compare/event.hpp"

#include "export/json_scanner.hpp"
#include "export/trace_line.hpp"

#include <charconv>

namespace mexport::compare {

namespace {

using exporter::find_member;
using exporter::JsonScanner;

/// In the number that tells items of a message apart; below them stands what is said of the CID.
constexpr unsigned kPriorityShift = 32;
constexpr std::uint64_t kWantHave = 1 << 8;
constexpr std::uint64_t kSendDontHave = 1 << 9;
constexpr std::uint64_t kMention = 1 << 10;
constexpr std::uint64_t kFull = 1 << 11;
constexpr std::uint64_t kConnection = 1 << 12;

std::optional<std::int32_t> integer(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

template <class T>
bool read(std::optional<T> found, T& value) {
  if (found) value = *found;
  return found.has_value();
}

std::optional<Key> link_key(std::string_view link) {
  const auto value = find_member(link, "/");
  const auto text = value ? exporter::string_content(*value) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  return key_of(*text);
}

struct Entry {
  std::optional<Key> cid;
  std::int32_t priority = 0;
  std::int32_t want_type = 0;
  bool cancel = false;
  bool send_dont_have = false;

  bool take(const JsonScanner::Member& member) {
    if (member.key == "Cid" || member.key == "cid") {
      cid = link_key(member.value);
      return cid.has_value();
    }
    if (member.key == "Priority" || member.key == "priority") {
      return read(integer(member.value), priority);
    }
    if (member.key == "WantType" || member.key == "want_type") {
      return read(integer(member.value), want_type);
    }
    if (member.key == "Cancel" || member.key == "cancel")
      return read(boolean(member.value), cancel);
    if (member.key == "SendDontHave" || member.key == "send_dont_have") {
      return read(boolean(member.value), send_dont_have);
    }
    return true;
  }

  std::uint64_t number() const {
    return (std::uint64_t{static_cast<std::uint32_t>(priority)} << kPriorityShift) |
           (want_type == 1 ? kWantHave : 0) | (send_dont_have ? kSendDontHave : 0);
  }
};

/// Fills an event from the body of a bitswap_message.
class MessageReader {
 public:
  explicit MessageReader(Event& event) : event_(event), peer_(key_of(event.peer)) {}

  bool read(std::string_view body) {
    JsonScanner members(body);
    std::uint64_t flags = 0;
    while (const auto member = members.next_member()) {
      if (member->key == "full_wantlist") {
        if (member->value == "true") flags = kFull;
      } else if (!take(*member)) {
        return false;
      }
    }
    event_.key += key_of(peer_, {}, flags);
    return members.complete();
  }

  bool take(const JsonScanner::Member& member) {
    if (member.key == "wantlist_entries") {
      return each(member.value, [&](auto entry) { return add_entry(entry); });
    }
    if (member.key == "blocks") {
      return each(member.value, [&](auto link) { return add(Said::block, link_key(link), 0); });
    }
    if (member.key == "block_presences") {
      return each(member.value, [&](auto presence) { return add_presence(presence); });
    }
    if (member.key == "connected_addresses") {
      return each(member.value, [&](auto address) { return add_address(address); });
    }
    return true;
  }

 private:
  template <class Add>
  static bool each(std::string_view list, const Add& add) {
    JsonScanner elements(list);
    while (const auto element = elements.next_element()) {
      if (!add(*element)) return false;
    }
    return elements.complete();
  }

  bool add_entry(std::string_view text) {
    Entry entry;
    JsonScanner members(text);
    while (const auto member = members.next_member()) {
      if (!entry.take(*member)) return false;
      if (member->key == "Cid") event_.spelling = Spelling::wire;
      if (member->key == "cid") event_.spelling = Spelling::snake_case;
    }
    return members.complete() &&
           add(entry.cancel ? Said::cancel : Said::want, entry.cid, entry.number());
  }

  bool add_presence(std::string_view text) {
    const auto cid = find_member(text, "cid");
    const auto type = find_member(text, "block_presence_type");
    const auto number = type ? integer(*type) : std::nullopt;
    if (!cid || !number) return false;
    return add(*number == 0 ? Said::have : Said::dont_have, link_key(*cid), 0);
  }

  bool add_address(std::string_view text) {
    const auto address = exporter::string_content(text);
    if (!address) return false;
    const auto transport = transport_of(*address);
    if (event_.transport == Transport::unknown) event_.transport = transport;
    if (event_.transport != transport) event_.transport = Transport::several;
    return true;
  }

  bool add(Said said, const std::optional<Key>& cid, std::uint64_t number) {
    if (!cid) return false;
    const auto tag = static_cast<std::uint64_t>(said);
    event_.key += key_of(*cid, peer_, number | tag);
    event_.mentions.push_back({said, *cid, key_of(*cid, peer_, kMention | tag)});
    return true;
  }

  Event& event_;
  const Key peer_;
};

bool read_connection(std::string_view body, Event& event) {
  const auto type = find_member(body, "connection_event_type");
  const auto number = type ? integer(*type) : std::nullopt;
  if (!number || (*number != 0 && *number != 1)) return false;
  event.kind = *number == 0 ? EventKind::connected : EventKind::disconnected;
  event.key = key_of(key_of(event.peer), {}, kConnection | static_cast<std::uint64_t>(*number));
  const auto remote = find_member(body, "remote");
  const auto address = remote ? exporter::string_content(*remote) : std::nullopt;
  if (address) event.transport = transport_of(*address);
  return true;
}

std::string_view text_of(std::string_view object, std::string_view key) {
  const auto value = find_member(object, key);
  return value ? exporter::string_content(*value).value_or(std::string_view()) : std::string_view();
}

bool read_message(const exporter::TraceLine& line, Event& event) {
  event.kind = EventKind::message;
  if (!MessageReader(event).read(line.body)) return false;
  if (line.ext.empty()) return true;
  event.agent = text_of(line.ext, "agent_version");
  if (const auto remote = text_of(line.ext, "conn_remote"); !remote.empty()) {
    event.transport = transport_of(remote);
  }
  return true;
}

}  // namespace

std::string_view to_string(Transport transport) {
  constexpr std::array<std::string_view, kTransports> kNames{
      "unknown", "tcp", "quic", "websocket", "webtransport", "webrtc", "relay", "several"};
  return kNames[static_cast<std::size_t>(transport)];
}

std::string_view to_string(Said said) {
  constexpr std::array<std::string_view, kSaid> kNames{"wants", "cancels", "blocks", "haves",
                                                       "dont_haves"};
  return kNames[static_cast<std::size_t>(said)];
}

Transport transport_of(std::string_view multiaddr) {
  const auto has = [&](std::string_view protocol) {
    for (auto at = multiaddr.find(protocol); at != std::string_view::npos;
         at = multiaddr.find(protocol, at + 1)) {
      const auto end = at + protocol.size();
      if (end == multiaddr.size() || multiaddr[end] == '/') return true;
    }
    return false;
  };
  if (has("/p2p-circuit")) return Transport::relay;
  if (has("/webrtc-direct") || has("/webrtc")) return Transport::webrtc;
  if (has("/webtransport")) return Transport::webtransport;
  if (has("/ws") || has("/wss")) return Transport::websocket;
  if (has("/quic-v1") || has("/quic")) return Transport::quic;
  return has("/tcp") ? Transport::tcp : Transport::unknown;
}

bool parse_event(std::string_view text, Event& event) {
  event.mentions.clear();
  auto mentions = std::move(event.mentions);
  event = {};
  event.mentions = std::move(mentions);

  const auto line = exporter::parse_trace_line(text);
  const auto time = line ? exporter::parse_timestamp(line->timestamp) : std::nullopt;
  if (!time) return false;
  event.time = *time;
  event.peer = line->peer;
  if (!line->ext.empty()) event.spelling = Spelling::wire;
  if (line->kind == "bitswap_message") return read_message(*line, event);
  if (line->kind == "connection_event") return read_connection(line->body, event);
  if (line->kind == "identify_event") {
    event.kind = EventKind::identified;
    event.agent = text_of(line->body, "agent_version");
  }
  if (line->kind == "gap" && !line->is_gap_elsewhere()) {
    event.kind = EventKind::gap;
    const auto count = find_member(line->body, "count");
    event.lost = count ? exporter::parse_number(*count).value_or(0) : 0;
  }
  return true;
}

}  // namespace mexport::compare
