// SPDX-License-Identifier: MIT
#pragma once

#include "export/spool/spool.hpp"

#include "storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::exporter::spool {

/// A routing key as it stands in the file.
struct Route {
  std::int64_t id = 0;
  std::string routing_key;
  SpoolCursor cursor;
};

struct Sums {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;
  std::uint64_t charge = 0;  ///< what they take in the file
};

/// One body's row without the body.
struct Row {
  std::int64_t route = 0;
  SpooledBody facts;  ///< without routing key
  Sums sums;
};

/// What a body takes in the file; rather too much.
std::uint64_t charge_of(const SpooledBody& body);

/// The file's tables, statement by statement; transactions and limits are its user's.
class Tables {
 public:
  /// storage::Error::wrong_version for a file of another program or version.
  static base::Result<Tables> open(const std::string& path, bool survive_power_loss);

  storage::Database& database() { return database_; }

  base::Result<std::vector<Route>> routes();
  base::Result<std::int64_t> add_route(std::string_view routing_key);
  base::Status set_cursor(std::int64_t route, const SpoolCursor& cursor);
  /// The highest id that was ever given; 0 at first.
  base::Result<std::int64_t> last_id();
  /// Ids go on behind this one; before the first insert().
  base::Status start_ids_after(std::int64_t id);

  base::Result<std::int64_t> insert(std::int64_t route, const SpooledBody& body);
  /// The oldest of all; one of route 0 when there is none.
  base::Result<Row> first();
  base::Status remove(std::int64_t id);
  base::Status remove_through(std::int64_t route, std::int64_t id);
  /// What of the route has an id in (after, through].
  base::Result<Sums> sums(std::int64_t route, std::int64_t after, std::int64_t through);
  /// See Spool::oldest(); without routing keys.
  base::Result<std::vector<SpooledBody>> bodies(std::int64_t route, std::int64_t after,
                                                std::size_t max_bodies, std::size_t max_bytes);
  /// When the first one of the route behind that id was made.
  base::Result<std::optional<base::WallTime>> made(std::int64_t route, std::int64_t after);

 private:
  enum Query : std::uint8_t {
    add_route_query,
    set_cursor_query,
    insert_query,
    first_query,
    remove_query,
    remove_through_query,
    sums_query,
    bodies_query,
    made_query,
  };

  explicit Tables(storage::Database database) : database_(std::move(database)) {}
  base::Status make();
  base::Status prepare();
  /// After reset(), for new parameters.
  storage::Statement& query(Query name);

  storage::Database database_;
  std::vector<storage::Statement> statements_;  // by Query; behind the database: they go first
};

}  // namespace mexport::exporter::spool
