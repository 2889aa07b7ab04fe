// SPDX-License-Identifier: MIT
#include "export/spool/tables.hpp"

#include "storage/error.hpp"
#include <isa-l/crc.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mexport::exporter::spool {
namespace {

constexpr std::int64_t kApplication = 0x6d787370;  // "mxsp"
constexpr std::int64_t kVersion = 1;
constexpr int kPageSize = 4096;

constexpr const char* kSchema =
    "CREATE TABLE route ("
    " id INTEGER PRIMARY KEY, routing_key TEXT NOT NULL UNIQUE,"
    " cursor INTEGER NOT NULL DEFAULT 0, run_id TEXT NOT NULL DEFAULT '',"
    " last INTEGER NOT NULL DEFAULT 0);"
    // The body stands last, so that the rest is read without it.
    "CREATE TABLE body ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, route INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " run_id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " events INTEGER NOT NULL, uncompressed INTEGER NOT NULL, made INTEGER NOT NULL,"
    " note TEXT NOT NULL, charge INTEGER NOT NULL, size INTEGER NOT NULL, crc INTEGER NOT NULL,"
    " body BLOB NOT NULL);"
    "CREATE INDEX body_by_route ON body (route);";

// In the order of Tables::Query. The columns of first_query and bodies_query are those of
// `facts_of`.
constexpr std::array<std::string_view, 9> kQueries{
    "INSERT INTO route (routing_key) VALUES (?1)",
    "UPDATE route SET cursor = ?2, run_id = ?3, last = ?4 WHERE id = ?1",
    "INSERT INTO body (route, kind, run_id, first, last, events, uncompressed, made, note,"
    " charge, size, crc, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    "SELECT id, kind, run_id, first, last, events, uncompressed, made, note, size, charge, route"
    " FROM body ORDER BY id LIMIT 1",
    "DELETE FROM body WHERE id = ?1",
    "DELETE FROM body WHERE route = ?1 AND id <= ?2",
    "SELECT count(*), sum(size), sum(events), sum(charge) FROM body"
    " WHERE route = ?1 AND id > ?2 AND id <= ?3",
    "SELECT id, kind, run_id, first, last, events, uncompressed, made, note, size, crc, body"
    " FROM body WHERE route = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    "SELECT made FROM body WHERE route = ?1 AND id > ?2 ORDER BY id LIMIT 1",
};

std::int64_t crc_of(base::ByteView body) {
  return crc32_gzip_refl(0, body.data(), body.size());
}
std::int64_t as_integer(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::uint64_t unsigned_column(const storage::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

SpooledBody facts_of(const storage::Statement& row) {
  SpooledBody body;
  body.id = row.integer(0);
  body.kind = static_cast<monitor::EventKind>(
      std::clamp<std::int64_t>(row.integer(1), 0, monitor::kEventKinds - 1));
  body.run_id = row.text(2);
  body.first = unsigned_column(row, 3);
  body.last = unsigned_column(row, 4);
  body.events = static_cast<std::uint32_t>(row.integer(5));
  body.uncompressed = unsigned_column(row, 6);
  body.made = base::WallTime(std::chrono::nanoseconds(row.integer(7)));
  body.note = row.text(8);
  return body;
}

}  // namespace

std::uint64_t charge_of(const SpooledBody& body) {
  constexpr std::uint64_t kRow = 256;  // the other columns and the index
  const std::uint64_t size = body.body.size() + body.note.size();
  return size + kRow + std::min<std::uint64_t>(size, kPageSize);  // the last page is not full
}

base::Result<Tables> Tables::open(const std::string& path, bool survive_power_loss) {
  auto database = storage::Database::open(
      path, {.page_size = kPageSize, .survive_power_loss = survive_power_loss});
  if (!database) return base::fail(database.error());
  Tables tables(std::move(*database));
  if (auto made = tables.make(); !made) return base::fail(made.error());
  if (auto prepared = tables.prepare(); !prepared) return base::fail(prepared.error());
  return tables;
}

base::Status Tables::make() {
  const auto application = database_.integer("PRAGMA application_id");
  if (!application) return base::fail(application.error());
  const auto version = database_.integer("PRAGMA user_version");
  if (!version) return base::fail(version.error());
  if (*application == kApplication && *version == kVersion) return {};
  const auto tables = database_.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return base::fail(tables.error());
  if (*tables != 0) return base::fail(storage::Error::wrong_version);

  storage::Transaction transaction(database_);
  if (auto made = database_.run(kSchema); !made) return made;
  const auto mark = "PRAGMA application_id=" + std::to_string(kApplication) +
                    ";PRAGMA user_version=" + std::to_string(kVersion);
  if (auto marked = database_.run(mark.c_str()); !marked) return marked;
  return transaction.commit();
}

base::Status Tables::prepare() {
  for (const auto sql : kQueries) {
    auto statement = database_.prepare(sql);
    if (!statement) return base::fail(statement.error());
    statements_.push_back(std::move(*statement));
  }
  return {};
}

storage::Statement& Tables::query(Query name) {
  auto& statement = statements_[name];
  statement.reset();
  return statement;
}

base::Result<std::vector<Route>> Tables::routes() {
  auto rows = database_.prepare("SELECT id, routing_key, cursor, run_id, last FROM route");
  if (!rows) return base::fail(rows.error());
  std::vector<Route> routes;
  for (;;) {
    const auto row = rows->step();
    if (!row) return base::fail(row.error());
    if (!*row) return routes;
    routes.push_back({.id = rows->integer(0),
                      .routing_key = std::string(rows->text(1)),
                      .cursor = {.id = rows->integer(2),
                                 .run_id = std::string(rows->text(3)),
                                 .last = unsigned_column(*rows, 4)}});
  }
}

base::Result<std::int64_t> Tables::add_route(std::string_view routing_key) {
  if (auto added = query(add_route_query).bind(1, routing_key).run(); !added) {
    return base::fail(added.error());
  }
  return database_.last_id();
}

base::Status Tables::set_cursor(std::int64_t route, const SpoolCursor& cursor) {
  return query(set_cursor_query)
      .bind(1, route)
      .bind(2, cursor.id)
      .bind(3, std::string_view(cursor.run_id))
      .bind(4, as_integer(cursor.last))
      .run();
}

base::Result<std::int64_t> Tables::last_id() {
  return database_.integer("SELECT seq FROM sqlite_sequence WHERE name = 'body'");
}

base::Status Tables::start_ids_after(std::int64_t id) {
  auto insert = database_.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('body', ?1)");
  if (!insert) return base::fail(insert.error());
  return insert->bind(1, id).run();
}

base::Result<std::int64_t> Tables::insert(std::int64_t route, const SpooledBody& body) {
  auto& insert = query(insert_query)
                     .bind(1, route)
                     .bind(2, static_cast<std::int64_t>(body.kind))
                     .bind(3, std::string_view(body.run_id))
                     .bind(4, as_integer(body.first))
                     .bind(5, as_integer(body.last))
                     .bind(6, std::int64_t{body.events})
                     .bind(7, as_integer(body.uncompressed))
                     .bind(8, body.made.time_since_epoch().count())
                     .bind(9, std::string_view(body.note))
                     .bind(10, as_integer(charge_of(body)))
                     .bind(11, as_integer(body.body.size()))
                     .bind(12, crc_of(body.body))
                     .bind(13, base::ByteView(body.body));
  if (auto inserted = insert.run(); !inserted) return base::fail(inserted.error());
  return database_.last_id();
}

base::Result<Row> Tables::first() {
  auto& rows = query(first_query);
  const auto row = rows.step();
  if (!row) return base::fail(row.error());
  if (!*row) return Row{};
  Row first{.route = rows.integer(11),
            .facts = facts_of(rows),
            .sums = {.batches = 1,
                     .bytes = unsigned_column(rows, 9),
                     .events = unsigned_column(rows, 5),
                     .charge = unsigned_column(rows, 10)}};
  rows.reset();  // an open read would hold the log
  return first;
}

base::Status Tables::remove(std::int64_t id) {
  return query(remove_query).bind(1, id).run();
}

base::Status Tables::remove_through(std::int64_t route, std::int64_t id) {
  return query(remove_through_query).bind(1, route).bind(2, id).run();
}

base::Result<Sums> Tables::sums(std::int64_t route, std::int64_t after, std::int64_t through) {
  auto& rows = query(sums_query).bind(1, route).bind(2, after).bind(3, through);
  const auto row = rows.step();
  if (!row) return base::fail(row.error());
  Sums sums{.batches = unsigned_column(rows, 0),
            .bytes = unsigned_column(rows, 1),
            .events = unsigned_column(rows, 2),
            .charge = unsigned_column(rows, 3)};
  rows.reset();
  return sums;
}

base::Result<std::vector<SpooledBody>> Tables::bodies(std::int64_t route, std::int64_t after,
                                                      std::size_t max_bodies,
                                                      std::size_t max_bytes) {
  const auto limit = std::min<std::uint64_t>(max_bodies, std::numeric_limits<std::int32_t>::max());
  auto& rows = query(bodies_query).bind(1, route).bind(2, after).bind(3, as_integer(limit));
  std::vector<SpooledBody> bodies;
  for (std::size_t bytes = 0; bytes < max_bytes;) {
    const auto row = rows.step();
    if (!row) return base::fail(row.error());
    if (!*row) return bodies;
    bodies.push_back(facts_of(rows));
    const auto body = rows.blob(11);
    bytes += body.size();
    const bool whole = body.size() == unsigned_column(rows, 9) && crc_of(body) == rows.integer(10);
    if (whole) bodies.back().body = base::to_bytes(body);
  }
  rows.reset();
  return bodies;
}

base::Result<std::optional<base::WallTime>> Tables::made(std::int64_t route, std::int64_t after) {
  auto& rows = query(made_query).bind(1, route).bind(2, after);
  const auto row = rows.step();
  if (!row) return base::fail(row.error());
  if (!*row) return std::nullopt;
  const auto at = base::WallTime(std::chrono::nanoseconds(rows.integer(0)));
  rows.reset();
  return at;
}

}  // namespace mexport::exporter::spool
