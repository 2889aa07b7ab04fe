// SPDX-License-Identifier: MIT
#include "export/amqp/wire_table.hpp"

#include <gtest/gtest.h>

#include <span>

namespace mexport::exporter::amqp {
namespace {

const amqp_field_value_t* find(const amqp_table_t& table, std::string_view key) {
  for (const auto& entry : std::span(table.entries, static_cast<std::size_t>(table.num_entries))) {
    if (text_of(entry.key) == key) return &entry.value;
  }
  return nullptr;
}

Outgoing make_outgoing() {
  Outgoing outgoing{.body = {}, .context = {}, .added = {}, .first_sent = {}};
  outgoing.body.run_id = "run";
  outgoing.body.first = 7;
  outgoing.body.last = 9;
  outgoing.body.events = 3;
  outgoing.body.uncompressed = 1234;
  return outgoing;
}

TEST(WireTable, KeepsTypes) {
  WireTable inner;
  inner.add_flag("on", true);
  WireTable table;
  table.add_text("text", "literal");
  table.add_number("number", 1ULL << 40);
  table.add_table("table", inner);
  const auto built = table.get();
  EXPECT_EQ(find(built, "text")->kind, AMQP_FIELD_KIND_UTF8);
  EXPECT_EQ(text_of(find(built, "text")->value.bytes), "literal");
  EXPECT_EQ(find(built, "number")->kind, AMQP_FIELD_KIND_I64);
  EXPECT_EQ(find(built, "number")->value.i64, std::int64_t{1} << 40);
  EXPECT_EQ(find(find(built, "table")->value.table, "on")->value.boolean, 1);
}

TEST(Headers, TellOfTheBody) {
  const auto outgoing = make_outgoing();
  const auto headers = headers_of(outgoing);
  const auto table = headers.get();
  EXPECT_EQ(table.num_entries, 6);
  EXPECT_EQ(text_of(find(table, "run_id")->value.bytes), "run");
  EXPECT_EQ(text_of(find(table, "kind")->value.bytes), "bitswap_message");
  EXPECT_EQ(find(table, "first")->value.i64, 7);
  EXPECT_EQ(find(table, "last")->value.i64, 9);
  EXPECT_EQ(find(table, "events")->value.i64, 3);
  EXPECT_EQ(find(table, "uncompressed")->value.i64, 1234);
  const auto returned = identify_returned(table);
  ASSERT_TRUE(returned);
  EXPECT_EQ(returned->run_id, "run");
  EXPECT_EQ(returned->first, 7U);
}

TEST(Headers, NameWhatIsMissing) {
  auto outgoing = make_outgoing();
  outgoing.context.missing = MissingRange{"run", 3, 6};
  outgoing.context.previous = SpoolCursor{.id = 0, .run_id = "before", .last = 5};
  const auto headers = headers_of(outgoing);
  const auto table = headers.get();
  EXPECT_EQ(text_of(find(table, "missing_run_id")->value.bytes), "run");
  EXPECT_EQ(find(table, "missing_from")->value.i64, 3);
  EXPECT_EQ(find(table, "missing_to")->value.i64, 6);
  EXPECT_EQ(text_of(find(table, "previous_run_id")->value.bytes), "before");
  EXPECT_EQ(find(table, "previous_last")->value.i64, 5);
}

TEST(Headers, OfOthersIdentifyNothing) {
  WireTable table;
  table.add_number("run_id", 5);
  table.add_text("first", "7");
  EXPECT_FALSE(identify_returned(table.get()));
  EXPECT_FALSE(identify_returned(WireTable().get()));
}

}  // namespace
}  // namespace mexport::exporter::amqp
