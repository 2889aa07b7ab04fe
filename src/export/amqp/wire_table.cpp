// SPDX-License-Identifier: MIT
#include "export/amqp/wire_table.hpp"

#include <span>

namespace mexport::exporter::amqp {
namespace {

constexpr std::string_view kRunId = "run_id";
constexpr std::string_view kFirst = "first";

}  // namespace

void WireTable::add_text(std::string_view key, std::string_view text) {
  amqp_table_entry_t entry{};
  entry.key = bytes_of(key);
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = bytes_of(text);
  entries_.push_back(entry);
}

void WireTable::add_number(std::string_view key, std::uint64_t number) {
  amqp_table_entry_t entry{};
  entry.key = bytes_of(key);
  // Brokers and clients do not agree on what an unsigned 64-bit field is.
  entry.value.kind = AMQP_FIELD_KIND_I64;
  entry.value.value.i64 = static_cast<std::int64_t>(number);
  entries_.push_back(entry);
}

void WireTable::add_flag(std::string_view key, bool value) {
  amqp_table_entry_t entry{};
  entry.key = bytes_of(key);
  entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
  entry.value.value.boolean = value ? 1 : 0;
  entries_.push_back(entry);
}

void WireTable::add_table(std::string_view key, const WireTable& table) {
  amqp_table_entry_t entry{};
  entry.key = bytes_of(key);
  entry.value.kind = AMQP_FIELD_KIND_TABLE;
  entry.value.value.table = table.get();
  entries_.push_back(entry);
}

amqp_table_t WireTable::get() const {
  return {static_cast<int>(entries_.size()), const_cast<amqp_table_entry_t*>(entries_.data())};
}

WireTable headers_of(const Outgoing& outgoing) {
  WireTable table;
  const auto& body = outgoing.body;
  table.add_text(kRunId, body.run_id);
  table.add_text("kind", to_string(body.kind));
  table.add_number(kFirst, body.first);
  table.add_number("last", body.last);
  table.add_number("events", std::uint64_t{body.events});
  table.add_number("uncompressed", body.uncompressed);
  if (const auto& missing = outgoing.context.missing) {
    table.add_text("missing_run_id", missing->run_id);
    table.add_number("missing_from", missing->from);
    table.add_number("missing_to", missing->to);
  }
  if (const auto& previous = outgoing.context.previous) {
    table.add_text("previous_run_id", previous->run_id);
    table.add_number("previous_last", previous->last);
  }
  return table;
}

std::optional<ReturnedBody> identify_returned(const amqp_table_t& headers) {
  ReturnedBody returned;
  const std::span entries(headers.entries, static_cast<std::size_t>(headers.num_entries));
  for (const auto& entry : entries) {
    const auto key = text_of(entry.key);
    if (key == kRunId && entry.value.kind == AMQP_FIELD_KIND_UTF8) {
      returned.run_id = text_of(entry.value.value.bytes);
    }
    if (key == kFirst && entry.value.kind == AMQP_FIELD_KIND_I64) {
      returned.first = static_cast<std::uint64_t>(entry.value.value.i64);
    }
  }
  if (returned.run_id.empty()) return std::nullopt;
  return returned;
}

}  // namespace mexport::exporter::amqp
