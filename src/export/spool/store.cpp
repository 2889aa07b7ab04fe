// SPDX-License-Identifier: MIT
#include "export/spool/store.hpp"

#include "export/system_disk.hpp"

#include "storage/error.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

namespace mexport::exporter::spool {
namespace {

/// What is through is deleted in strokes: that much at a time, or all once nothing waits.
constexpr std::uint64_t kPruneCharge = std::uint64_t{8} << 20;
/// A file with nothing in it is cut down when it is larger, in pages.
constexpr std::int64_t kShrinkPages = 4096;

void add_to(Sums& sums, const Sums& more) {
  sums.batches += more.batches;
  sums.bytes += more.bytes;
  sums.events += more.events;
  sums.charge += more.charge;
}

void take_from(Sums& sums, const Sums& less) {
  sums.batches -= std::min(sums.batches, less.batches);
  sums.bytes -= std::min(sums.bytes, less.bytes);
  sums.events -= std::min(sums.events, less.events);
  sums.charge -= std::min(sums.charge, less.charge);
}

/// For the caller's counters: a copy without the bytes.
SpooledBody facts_of(const SpooledBody& body) {
  SpooledBody facts = body;
  facts.body = {};
  return facts;
}

}  // namespace

base::Result<Store> Store::open(const std::string& path, const Spool::Options& options) {
  auto directory = std::filesystem::absolute(path).parent_path().string();
  if (!SystemDisk().create_directories(directory)) return base::fail(storage::Error::cannot_open);
  auto tables = Tables::open(path, options.survive_power_loss);
  if (!tables) return base::fail(tables.error());
  Store store(std::move(directory), options, std::move(*tables));
  if (auto read = store.read_ledger(); !read) return base::fail(read.error());
  return store;
}

base::Status Store::read_ledger() {
  auto routes = tables_.routes();
  if (!routes) return base::fail(routes.error());
  for (auto& route : *routes) {
    constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
    const auto waiting = tables_.sums(route.id, route.cursor.id, kAll);
    if (!waiting) return base::fail(waiting.error());
    const auto through = tables_.sums(route.id, 0, route.cursor.id);
    if (!through) return base::fail(through.error());
    add_to(ledger_.waiting, *waiting);
    ledger_.through_charge += through->charge;
    std::string key = route.routing_key;
    ledger_.lines.emplace(std::move(key), Ledger::Line{std::move(route), *waiting});
  }
  const auto last_id = tables_.last_id();
  if (!last_id) return base::fail(last_id.error());
  ledger_.last_id = *last_id;
  return {};
}

base::Status Store::carry_over(const Ledger& before) {
  storage::Transaction transaction(tables_.database());
  if (!transaction.status()) return transaction.status();
  Ledger after;
  after.last_id = before.last_id;
  if (auto set = tables_.start_ids_after(before.last_id); !set) return set;
  for (const auto& [key, line] : before.lines) {
    const auto added = line_for(after, key);
    if (!added) return base::fail(added.error());
    auto& route = (*added)->route;
    route.cursor = line.route.cursor;
    if (auto set = tables_.set_cursor(route.id, route.cursor); !set) return set;
  }
  if (auto done = transaction.commit(); !done) return done;
  ledger_ = std::move(after);
  return {};
}

base::Result<std::vector<SpooledBody>> Store::append(std::span<SpooledBody> bodies) {
  std::uint64_t charge = 0;
  for (const auto& body : bodies) charge += charge_of(body);
  if (auto room = check_space(charge); !room) return base::fail(room.error());
  if (ledger_.through_charge > 0 && ledger_.charge() + charge > options_.max_bytes) {
    if (auto pruned = prune(); !pruned) return base::fail(pruned.error());
  }

  storage::Transaction transaction(tables_.database());
  if (!transaction.status()) return base::fail(transaction.status().error());
  Ledger after = ledger_;
  std::vector<SpooledBody> gone;
  for (auto& body : bodies) {
    if (auto added = add(after, body, gone); !added) return base::fail(added.error());
  }
  if (auto done = transaction.commit(); !done) return base::fail(done.error());
  ledger_ = std::move(after);
  return gone;
}

base::Status Store::check_space(std::uint64_t more) const {
  const auto space = SystemDisk().space(directory_);
  if (!space) return base::fail(storage::Error::io_error);
  if (space->available < options_.min_free_bytes + more) {
    return base::fail(storage::Error::disk_full);
  }
  return {};
}

base::Status Store::add(Ledger& ledger, SpooledBody& body, std::vector<SpooledBody>& gone) {
  const auto charge = charge_of(body);
  if (charge > options_.max_bytes) {
    gone.push_back(facts_of(body));
    return {};
  }
  if (auto room = make_room(ledger, charge, gone); !room) return room;
  const auto line = line_for(ledger, body.routing_key);
  if (!line) return base::fail(line.error());
  const auto id = tables_.insert((*line)->route.id, body);
  if (!id) return base::fail(id.error());
  const Sums sums{.batches = 1, .bytes = body.body.size(), .events = body.events, .charge = charge};
  add_to((*line)->waiting, sums);
  add_to(ledger.waiting, sums);
  body.id = ledger.last_id = *id;
  return {};
}

base::Result<Ledger::Line*> Store::line_for(Ledger& ledger, std::string_view routing_key) {
  const auto found = ledger.lines.find(routing_key);
  if (found != ledger.lines.end()) return &found->second;
  const auto id = tables_.add_route(routing_key);
  if (!id) return base::fail(id.error());
  std::string key(routing_key);
  Ledger::Line line{.route = {.id = *id, .routing_key = key, .cursor = {}}, .waiting = {}};
  return &ledger.lines.emplace(std::move(key), std::move(line)).first->second;
}

base::Status Store::make_room(Ledger& ledger, std::uint64_t charge,
                              std::vector<SpooledBody>& gone) {
  while (ledger.charge() + charge > options_.max_bytes) {
    auto row = tables_.first();
    if (!row) return base::fail(row.error());
    const auto line = std::ranges::find_if(
        ledger.lines, [&](const auto& entry) { return entry.second.route.id == row->route; });
    if (line == ledger.lines.end()) return base::fail(storage::Error::damaged);
    if (auto removed = tables_.remove(row->facts.id); !removed) return removed;
    if (row->facts.id <= line->second.route.cursor.id) {
      ledger.through_charge -= std::min(ledger.through_charge, row->sums.charge);
      continue;
    }
    take_from(line->second.waiting, row->sums);
    take_from(ledger.waiting, row->sums);
    row->facts.routing_key = line->first;
    gone.push_back(std::move(row->facts));
  }
  return {};
}

base::Result<std::vector<SpooledBody>> Store::oldest(std::string_view routing_key,
                                                     std::int64_t after_id, std::size_t max_bodies,
                                                     std::size_t max_bytes) {
  const auto found = ledger_.lines.find(routing_key);
  if (found == ledger_.lines.end()) return std::vector<SpooledBody>{};
  const auto& route = found->second.route;
  auto bodies =
      tables_.bodies(route.id, std::max(after_id, route.cursor.id), max_bodies, max_bytes);
  if (!bodies) return bodies;
  for (auto& body : *bodies) body.routing_key = found->first;
  return bodies;
}

base::Status Store::pass(std::string_view routing_key, const SpoolCursor& cursor) {
  const auto line = line_for(ledger_, routing_key);
  if (!line) return base::fail(line.error());
  if (auto moved = move_cursor(**line, cursor); !moved) return moved;
  if (auto saved = save_cursors(); !saved) return saved;
  const bool stroke = ledger_.waiting.batches == 0 || ledger_.through_charge >= kPruneCharge;
  if (ledger_.through_charge == 0 || !stroke) return {};
  return prune();
}

base::Status Store::move_cursor(Ledger::Line& line, const SpoolCursor& cursor) {
  SpoolCursor to = cursor;
  to.id = std::max(cursor.id, line.route.cursor.id);
  const auto moved = tables_.sums(line.route.id, line.route.cursor.id, to.id);
  if (!moved) return base::fail(moved.error());
  take_from(line.waiting, *moved);
  take_from(ledger_.waiting, *moved);
  ledger_.through_charge += moved->charge;
  line.route.cursor = std::move(to);
  line.cursor_saved = false;
  return {};
}

base::Status Store::save_cursors() {
  for (auto& [key, line] : ledger_.lines) {
    if (line.cursor_saved) continue;
    if (auto saved = tables_.set_cursor(line.route.id, line.route.cursor); !saved) return saved;
    line.cursor_saved = true;
  }
  return {};
}

base::Status Store::prune() {
  if (auto saved = save_cursors(); !saved) return saved;
  storage::Transaction transaction(tables_.database());
  if (!transaction.status()) return transaction.status();
  for (const auto& [key, line] : ledger_.lines) {
    auto removed = tables_.remove_through(line.route.id, line.route.cursor.id);
    if (!removed) return removed;
  }
  if (auto done = transaction.commit(); !done) return done;
  ledger_.through_charge = 0;
  return ledger_.waiting.batches == 0 ? shrink() : base::Status{};
}

base::Status Store::shrink() {
  const auto pages = tables_.database().integer("PRAGMA page_count");
  if (!pages) return base::fail(pages.error());
  if (*pages <= kShrinkPages) return {};
  return tables_.database().run("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

base::Result<std::optional<base::WallTime>> Store::oldest_time(const Ledger::Line& line) {
  return tables_.made(line.route.id, line.route.cursor.id);
}

}  // namespace mexport::exporter::spool
