// SPDX-License-Identifier: MIT
#include "export/event_encoder.hpp"

#include "multiformats/cid.hpp"

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace mexport::exporter {
namespace {

std::int64_t milliseconds_between(base::SteadyTime from, base::SteadyTime to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

/// `key` holds its quotes, colon and leading comma.
template <std::integral Integer>
void append_member(std::string& out, std::string_view key, Integer value) {
  out.append(key);
  append_json_integer(out, value);
}
void append_member(std::string& out, std::string_view key, bool value) {
  out.append(key);
  append_json_bool(out, value);
}
void append_member(std::string& out, std::string_view key, std::string_view value) {
  out.append(key);
  append_json_string(out, value);
}

/// Separates list items.
void append_comma(std::string& out, bool& first) {
  if (!first) out.push_back(',');
  first = false;
}

void append_cid(std::string& out, base::ByteView cid) {
  out.append(R"({"/":")");
  multiformats::append_cid_text(cid, out);
  out.append(R"("})");
}

void append_connection_event(std::string& out, const monitor::ConnectionFacts& connection,
                             int type) {
  append_member(out, R"(,"connection_event":{"remote":)", connection.remote);
  append_member(out, R"(,"connection_event_type":)", type);
  out.push_back('}');
}

void append_answer_to(std::string& out, const std::vector<std::uint64_t>& requests) {
  out.append(R"(,"answer_to":[)");
  bool first = true;
  for (const auto request : requests) {
    append_comma(out, first);
    append_json_integer(out, request);
  }
  out.push_back(']');
}

void append_protocol(std::string& out, std::optional<wire::BitswapProtocol> protocol) {
  if (protocol) append_member(out, R"(,"protocol":)", to_string(*protocol));
}

template <class Change>
void append_connection_ext(std::string& out, const Change& change) {
  const auto& connection = *change.connection;
  append_member(out, R"(,"direction":)", to_string(connection.direction));
  append_member(out, R"(,"transport":)", connection.transport);
  append_member(out, R"(,"security":)", connection.security);
  append_member(out, R"(,"local":)", connection.local);
  append_member(out, R"(,"relayed":)", connection.relayed);
  append_member(out, R"(,"peer_connections":)", change.peer_connections);
}

}  // namespace

std::size_t EventEncoder::encode(const monitor::Fact& fact, base::WallTime timestamp,
                                 std::uint64_t sequence, std::string& out) {
  return std::visit(
      [&](const auto& seen) {
        const auto begin = out.size();
        out.append(R"({"timestamp":)");
        timestamps_.append(out, timestamp);
        out.append(R"(,"peer":")");
        out.append(seen.connection->peer_text);
        out.push_back('"');
        append(seen, out);
        const auto reference_size = out.size() - begin;
        append_member(out, R"(,"ext":{"seq":)", sequence);
        if (several_nodes_) append_member(out, R"(,"node":)", seen.connection->node);
        append_member(out, R"(,"conn":)", seen.connection->id);
        append_ext(seen, out);
        out.append("}}");
        return reference_size;
      },
      fact);
}

base::Status EventEncoder::encode_in_pieces(const monitor::Fact& fact, base::WallTime timestamp,
                                            std::uint64_t sequence, const TakePiece& take) {
  std::string out;
  out.reserve(kPieceSize + kPieceSize / 8);
  take_ = &take;
  piece_size_ = kPieceSize;
  taken_ = {};
  encode(fact, timestamp, sequence, out);
  out.push_back('\n');
  hand_on(out);
  take_ = nullptr;
  piece_size_ = std::numeric_limits<std::size_t>::max();
  return taken_;
}

void EventEncoder::hand_on(std::string& out) {
  if (taken_) taken_ = (*take_)(out);
  out.clear();
}

void EventEncoder::append_entries(const wire::BitswapMessage& message, std::string& out) {
  bool first = true;
  for (const auto& entry : merged_->entries) {
    append_comma(out, first);
    out.append(R"({"Cid":)");
    append_cid(out, message.cid(entry.cid));
    append_member(out, R"(,"Priority":)", entry.priority);
    append_member(out, R"(,"WantType":)", entry.want_type);
    append_member(out, R"(,"Cancel":)", entry.cancel);
    append_member(out, R"(,"SendDontHave":)", entry.send_dont_have);
    out.push_back('}');
    end_item(out);
  }
}

void EventEncoder::append_blocks(const wire::BitswapMessage& message, std::string& out) {
  bool first = true;
  for (const auto& block : merged_->blocks) {
    append_comma(out, first);
    append_cid(out, message.cid(block.cid));
    end_item(out);
  }
}

void EventEncoder::append_presences(const wire::BitswapMessage& message, std::string& out) {
  bool first = true;
  for (const auto& presence : merged_->presences) {
    append_comma(out, first);
    out.append(R"({"cid":)");
    append_cid(out, message.cid(presence.cid));
    append_member(out, R"(,"block_presence_type":)", static_cast<std::int32_t>(presence.type));
    out.push_back('}');
    end_item(out);
  }
}

void EventEncoder::append_block_sizes(std::string& out) {
  out.append(R"(,"block_sizes":[)");
  bool first = true;
  for (const auto& block : merged_->blocks) {
    append_comma(out, first);
    append_json_integer(out, block.size);
    end_item(out);
  }
  out.push_back(']');
}

void EventEncoder::append(const monitor::BitswapMessageReceived& fact, std::string& out) {
  const auto& message = fact.message;
  merged_ = &merger_.merge(message);
  unknown_want_types_ += merged_->unknown_want_types;
  unknown_presence_types_ += merged_->unknown_presence_types;
  out.append(R"(,"bitswap_message":{"wantlist_entries":[)");
  append_entries(message, out);
  append_member(out, R"(],"full_wantlist":)", message.full);
  out.append(R"(,"blocks":[)");
  append_blocks(message, out);
  out.append(R"(],"block_presences":[)");
  append_presences(message, out);
  out.append(R"(],"connected_addresses":)");
  append_json_strings(
      out, fact.connected_addresses ? *fact.connected_addresses : std::span<const std::string>());
  out.push_back('}');
}

void EventEncoder::append(const monitor::Connected& fact, std::string& out) {
  append_connection_event(out, *fact.connection, 0);
}

void EventEncoder::append(const monitor::Disconnected& fact, std::string& out) {
  append_connection_event(out, *fact.connection, 1);
}

void EventEncoder::append(const monitor::PeerIdentified& fact, std::string& out) {
  append_member(out, R"(,"identify_event":{"conn":)", fact.connection->id);
  append_member(out, R"(,"cause":)", to_string(fact.cause));
  if (fact.cause == monitor::IdentifyCause::failed) {
    append_member(out, R"(,"error":)", fact.error);
    out.push_back('}');
    return;
  }
  if (fact.agent_version) append_member(out, R"(,"agent_version":)", *fact.agent_version);
  append_member(out, R"(,"protocol_version":)", fact.protocol_version);
  out.append(R"(,"protocols":)");
  append_json_strings(out, fact.protocols);
  out.append(R"(,"listen_addrs":)");
  append_json_strings(out, fact.listen_addrs);
  append_member(out, R"(,"key_type":)", fact.key_type);
  if (!fact.observed_addr.empty()) append_member(out, R"(,"observed_addr":)", fact.observed_addr);
  if (fact.record_sequence) append_member(out, R"(,"record_sequence":)", *fact.record_sequence);
  if (fact.record_valid) append_member(out, R"(,"record_valid":)", *fact.record_valid);
  out.push_back('}');
}

void EventEncoder::append_ext(const monitor::BitswapMessageReceived& fact, std::string& out) {
  const auto& connection = *fact.connection;
  append_member(out, R"(,"conn_remote":)", connection.remote);
  if (fact.stream) append_member(out, R"(,"stream":)", *fact.stream);
  append_member(out, R"(,"message_index":)", fact.message_index);
  append_member(out, R"(,"connection_age_ms":)",
                milliseconds_between(connection.opened_at, fact.received_at));
  append_protocol(out, fact.protocol);
  append_member(out, R"(,"size":)", fact.size);
  if (fact.message.pending_bytes != 0) {
    append_member(out, R"(,"pending_bytes":)", fact.message.pending_bytes);
  }
  if (!merged_->blocks.empty()) append_block_sizes(out);
  if (fact.agent_version) append_member(out, R"(,"agent_version":)", *fact.agent_version);
  if (!fact.answer_to.empty()) append_answer_to(out, fact.answer_to);
  if (merged_->differs()) append_wire(fact.message, out);
}

void EventEncoder::append_ext(const monitor::Connected& fact, std::string& out) {
  append_connection_ext(out, fact);
}

void EventEncoder::append_ext(const monitor::Disconnected& fact, std::string& out) {
  append_connection_ext(out, fact);
  append_member(out, R"(,"duration_ms":)",
                milliseconds_between(fact.connection->opened_at, fact.at));
  if (fact.closed_by) append_member(out, R"(,"closed_by":)", to_string(*fact.closed_by));
  if (fact.close_code) append_member(out, R"(,"close_code":)", *fact.close_code);
  if (!fact.reason.empty()) append_member(out, R"(,"reason":)", fact.reason);
  if (fact.bytes_in) append_member(out, R"(,"bytes_in":)", *fact.bytes_in);
  if (fact.bytes_out) append_member(out, R"(,"bytes_out":)", *fact.bytes_out);
  append_member(out, R"(,"messages":)", fact.messages);
  if (fact.latency) append_member(out, R"(,"latency_ns":)", fact.latency->count());
}

// All of an identify event is ours, so nothing is left to say here.
void EventEncoder::append_ext(const monitor::PeerIdentified& /*fact*/, std::string& /*out*/) {}

// As the peer got it: older protocols know neither type nor sendDontHave.
void EventEncoder::append_asked(const monitor::Asked& asked, wire::BitswapProtocol protocol,
                                std::string& out) {
  const bool newest = protocol == wire::BitswapProtocol::v1_2_0;
  out.append(R"("probe","wantlist_entries":[)");
  bool first = true;
  for (const auto& entry : asked.wantlist->entries) {
    append_comma(out, first);
    out.append(R"({"Cid":)");
    append_cid(out, entry.cid.bytes());
    append_member(out, R"(,"Priority":)", entry.priority);
    append_member(out, R"(,"WantType":)", newest ? static_cast<std::int32_t>(entry.want_type) : 0);
    append_member(out, R"(,"Cancel":)", entry.cancel);
    append_member(out, R"(,"SendDontHave":)", newest && entry.send_dont_have);
    out.push_back('}');
    end_item(out);
  }
  append_member(out, R"(],"full_wantlist":)", asked.wantlist->full);
  append_member(out, R"(,"request":)", asked.request);
}

void EventEncoder::append_served(const monitor::Served& served, std::string& out) {
  out.append(R"("serve","blocks":[)");
  bool first = true;
  for (const auto& cid : served.reply.blocks) {
    append_comma(out, first);
    append_cid(out, cid.bytes());
    end_item(out);
  }
  out.append(R"(],"block_presences":[)");
  first = true;
  for (const auto& cid : served.reply.haves) {
    append_comma(out, first);
    out.append(R"({"cid":)");
    append_cid(out, cid.bytes());
    out.append(R"(,"block_presence_type":0})");
    end_item(out);
  }
  out.push_back(']');
  if (served.reply_to) append_member(out, R"(,"reply_to":)", *served.reply_to);
}

void EventEncoder::append(const monitor::BitswapSent& fact, std::string& out) {
  out.append(R"(,"bitswap_sent":{"cause":)");
  if (const auto* asked = std::get_if<monitor::Asked>(&fact.content)) {
    append_asked(*asked, fact.protocol.value_or(wire::BitswapProtocol::v1_2_0), out);
  } else {
    append_served(std::get<monitor::Served>(fact.content), out);
  }
  append_protocol(out, fact.protocol);
  append_member(out, R"(,"bytes":)", fact.size);
  out.push_back('}');
}

void EventEncoder::append_ext(const monitor::BitswapSent& fact, std::string& out) {
  append_member(out, R"(,"conn_remote":)", fact.connection->remote);
}

void EventEncoder::append_wire(const wire::BitswapMessage& message, std::string& out) {
  out.append(R"(,"wire":)");
  char before = '{';
  const auto list = [&](std::string_view key, const auto& differences, const auto& append_item) {
    if (differences.empty()) return;
    out.push_back(std::exchange(before, ','));
    out.append(key);
    bool first = true;
    for (const auto& difference : differences) {
      append_comma(out, first);
      append_member(out, R"({"index":)", difference.index);
      append_item(difference);
      out.push_back('}');
      end_item(out);
    }
    out.push_back(']');
  };
  list(R"("wantlist_entries":[)", merged_->entry_differences, [&](const auto& difference) {
    const auto& sent = message.wantlist[difference.index];
    append_member(out, R"(,"entry":)", difference.merged);
    append_member(out, R"(,"priority":)", sent.priority);
    append_member(out, R"(,"want_type":)", sent.want_type);
    append_member(out, R"(,"cancel":)", sent.cancel);
    append_member(out, R"(,"send_dont_have":)", sent.send_dont_have);
  });
  list(R"("blocks":[)", merged_->block_differences, [&](const auto& difference) {
    append_member(out, R"(,"block":)", difference.merged);
    append_member(out, R"(,"size":)", message.blocks[difference.index].size);
  });
  list(R"("block_presences":[)", merged_->presence_differences, [&](const auto& difference) {
    const auto& sent = message.presences[difference.index];
    if (difference.merged == monitor::kNowhere) {
      out.append(R"(,"presence":null,"cid":)");
      append_cid(out, message.cid(sent.cid));
    } else {
      append_member(out, R"(,"presence":)", difference.merged);
    }
    append_member(out, R"(,"block_presence_type":)", sent.type);
  });
  out.push_back('}');
}

}  // namespace mexport::exporter
