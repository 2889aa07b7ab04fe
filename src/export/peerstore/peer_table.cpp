// SPDX-License-Identifier: MIT
#include "export/peerstore/peer_table.hpp"

#include "export/system_disk.hpp"

#include "storage/error.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

namespace mexport::exporter {
namespace {

constexpr std::int64_t kApplication = 0x6d787073;  // "mxps"
constexpr std::int64_t kVersion = 1;
constexpr std::uint64_t kPageSize = 4096;
/// How many go at a time, so that none of the steps is long.
constexpr std::uint64_t kRemoveAtOnce = 256;

constexpr const char* kSchema =
    "CREATE TABLE peer ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, peer TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL,"
    " latency INTEGER NOT NULL, agent TEXT NOT NULL, protocols TEXT NOT NULL,"
    " addresses TEXT NOT NULL);"
    "CREATE INDEX peer_by_seen ON peer (seen);"
    "CREATE TABLE privacy (settings TEXT NOT NULL);";

// In the order of PeerTable::Query. An empty text and a latency below 0 stand for what is not
// known. The columns of find_query and list_query are those of `peer_of`.
constexpr std::array<std::string_view, 6> kQueries{
    "INSERT INTO peer (peer, seen, latency, agent, protocols, addresses)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (peer) DO UPDATE SET"
    " seen = max(seen, excluded.seen),"
    " latency = iif(excluded.latency < 0, latency, excluded.latency),"
    " agent = iif(excluded.agent = '', agent, excluded.agent),"
    " protocols = iif(excluded.protocols = '', protocols, excluded.protocols),"
    " addresses = iif(excluded.addresses = '', addresses, excluded.addresses)",
    "SELECT id, peer, seen, latency, agent, protocols, addresses FROM peer WHERE peer = ?1",
    "SELECT id, peer, seen, latency, agent, protocols, addresses FROM peer"
    " WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
    "DELETE FROM peer WHERE id IN (SELECT id FROM peer WHERE seen < ?1 ORDER BY seen LIMIT ?2)",
    "PRAGMA page_count",
    "PRAGMA freelist_count",
};

std::int64_t nanoseconds(base::WallTime time) {
  return time.time_since_epoch().count();
}

KnownPeer peer_of(const storage::Statement& row) {
  KnownPeer peer;
  peer.id = row.integer(0);
  peer.last.peer = row.text(1);
  peer.seen = base::WallTime(std::chrono::nanoseconds(row.integer(2)));
  if (const auto latency = row.integer(3); latency >= 0) peer.last.latency_ns = latency;
  peer.last.agent_version = row.text(4);
  peer.last.protocols = row.text(5);
  peer.last.addresses = row.text(6);
  return peer;
}

}  // namespace

base::Result<PeerTable> PeerTable::open(const std::string& path, std::string_view privacy,
                                        bool& emptied) {
  const auto directory = std::filesystem::absolute(path).parent_path().string();
  if (!SystemDisk().create_directories(directory)) return base::fail(storage::Error::cannot_open);
  auto database = storage::Database::open(path, {.page_size = static_cast<int>(kPageSize)});
  if (!database) return base::fail(database.error());
  PeerTable table(std::move(*database));
  if (auto made = table.make(); !made) return base::fail(made.error());
  if (auto settled = table.settle_privacy(privacy, emptied); !settled) {
    return base::fail(settled.error());
  }
  if (auto prepared = table.prepare(); !prepared) return base::fail(prepared.error());
  return table;
}

base::Status PeerTable::make() {
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

base::Status PeerTable::settle_privacy(std::string_view privacy, bool& emptied) {
  auto read = database_.prepare("SELECT settings FROM privacy");
  if (!read) return base::fail(read.error());
  const auto row = read->step();
  if (!row) return base::fail(row.error());
  if (*row && read->text(0) == privacy) return {};
  read->reset();

  const auto peers = database_.integer("SELECT count(*) FROM peer");
  if (!peers) return base::fail(peers.error());
  storage::Transaction transaction(database_);
  if (auto cleared = database_.run("DELETE FROM peer; DELETE FROM privacy"); !cleared) {
    return cleared;
  }
  auto write = database_.prepare("INSERT INTO privacy (settings) VALUES (?1)");
  if (!write) return base::fail(write.error());
  if (auto written = write->bind(1, privacy).run(); !written) return written;
  if (auto done = transaction.commit(); !done) return done;
  emptied = *peers > 0;
  // What is only marked as free could still be read in the file.
  return emptied ? database_.run("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") : base::Status{};
}

base::Status PeerTable::prepare() {
  for (const auto sql : kQueries) {
    auto statement = database_.prepare(sql);
    if (!statement) return base::fail(statement.error());
    statements_.push_back(std::move(*statement));
  }
  const auto peers = database_.integer("SELECT count(*) FROM peer");
  if (!peers) return base::fail(peers.error());
  peers_ = static_cast<std::uint64_t>(*peers);
  const auto last = database_.integer("SELECT seq FROM sqlite_sequence WHERE name = 'peer'");
  if (!last) return base::fail(last.error());
  last_id_ = *last;
  return {};
}

storage::Statement& PeerTable::query(Query name) {
  auto& statement = statements_[name];
  statement.reset();
  return statement;
}

base::Result<std::int64_t> PeerTable::integer(Query name) {
  auto& statement = query(name);
  const auto row = statement.step();
  if (!row) return base::fail(row.error());
  const auto value = *row ? statement.integer(0) : 0;
  statement.reset();
  return value;
}

base::Status PeerTable::update(std::span<const PeerSighting> sightings, base::WallTime now,
                               const PeerstoreLimits& limits) {
  const auto peers = peers_;
  const auto last_id = last_id_;
  const auto change = [&]() -> base::Status {
    storage::Transaction transaction(database_);
    if (!transaction.status()) return transaction.status();
    for (const auto& sighting : sightings) {
      if (auto done = put(sighting, now); !done) return done;
    }
    if (auto done = trim(now, limits); !done) return done;
    return transaction.commit();
  };
  auto done = change();
  if (!done) {
    peers_ = peers;
    last_id_ = last_id;
  }
  return done;
}

base::Status PeerTable::put(const PeerSighting& sighting, base::WallTime now) {
  auto& statement = query(update_query);
  statement.bind(1, sighting.peer)
      .bind(2, nanoseconds(now))
      .bind(3, sighting.latency_ns.value_or(-1))
      .bind(4, sighting.agent_version)
      .bind(5, sighting.protocols)
      .bind(6, sighting.addresses);
  if (auto done = statement.run(); !done) return done;
  // An update leaves the id of the last insert as it was.
  if (database_.last_id() > last_id_) {
    last_id_ = database_.last_id();
    ++peers_;
  }
  return {};
}

base::Status PeerTable::trim(base::WallTime now, const PeerstoreLimits& limits) {
  if (const auto gone = remove(now - limits.max_age, kRemoveAtOnce); !gone) {
    return base::fail(gone.error());
  }
  while (peers_ > limits.max_peers) {
    const auto excess = std::min(peers_ - limits.max_peers, kRemoveAtOnce);
    const auto gone = remove(base::WallTime::max(), excess);
    if (!gone || *gone == 0) return gone ? base::Status{} : base::fail(gone.error());
  }
  for (;;) {
    const auto size = bytes();
    if (!size) return base::fail(size.error());
    if (*size <= limits.max_bytes) return {};
    const auto gone = remove(base::WallTime::max(), kRemoveAtOnce);
    if (!gone || *gone == 0) return gone ? base::Status{} : base::fail(gone.error());
  }
}

base::Result<std::uint64_t> PeerTable::remove(base::WallTime since, std::uint64_t count) {
  auto& statement = query(remove_query);
  statement.bind(1, nanoseconds(since)).bind(2, static_cast<std::int64_t>(count));
  if (auto done = statement.run(); !done) return base::fail(done.error());
  const auto gone = static_cast<std::uint64_t>(database_.changed_rows());
  peers_ -= std::min(peers_, gone);
  return gone;
}

base::Result<std::uint64_t> PeerTable::bytes() {
  const auto all = integer(page_count_query);
  if (!all) return base::fail(all.error());
  const auto unused = integer(free_pages_query);
  if (!unused) return base::fail(unused.error());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(*all - *unused, 0)) * kPageSize;
}

base::Result<std::optional<KnownPeer>> PeerTable::find(std::string_view peer) {
  auto& statement = query(find_query);
  const auto row = statement.bind(1, peer).step();
  if (!row) return base::fail(row.error());
  if (!*row) return std::nullopt;
  auto found = peer_of(statement);
  statement.reset();
  return found;
}

base::Result<std::vector<KnownPeer>> PeerTable::list(std::int64_t after, std::int64_t through,
                                                     std::size_t count) {
  auto& statement = query(list_query);
  statement.bind(1, after).bind(2, through).bind(3, static_cast<std::int64_t>(count));
  std::vector<KnownPeer> peers;
  for (;;) {
    const auto row = statement.step();
    if (!row) return base::fail(row.error());
    if (!*row) return peers;
    peers.push_back(peer_of(statement));
  }
}

}  // namespace mexport::exporter
