// SPDX-License-Identifier: MIT
#pragma once

#include "export/spool/spool.hpp"
#include "export/spool/tables.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace mexport::exporter::spool {

/// What a file holds, so that nobody has to ask it.
struct Ledger {
  struct Line {
    Route route;
    Sums waiting;
    bool cursor_saved = true;
  };
  std::map<std::string, Line, std::less<>> lines;  ///< by routing key
  Sums waiting;                                    ///< of all lines
  std::uint64_t through_charge = 0;                ///< of what is through and not yet deleted
  std::int64_t last_id = 0;                        ///< the highest that was given

  std::uint64_t charge() const { return waiting.charge + through_charge; }
};

/// One spool file: its limits and transactions. Errors are those of storage::Error; after `damaged`
/// it is of no more use.
class Store {
 public:
  static base::Result<Store> open(const std::string& path, const Spool::Options& options);

  const Ledger& ledger() const { return ledger_; }
  /// Takes over cursors and the count of ids from a file that is gone. Only into an empty file.
  base::Status carry_over(const Ledger& before);

  /// As those of Spool.
  base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies);
  base::Result<std::vector<SpooledBody>> oldest(std::string_view routing_key, std::int64_t after_id,
                                                std::size_t max_bodies, std::size_t max_bytes);
  base::Status pass(std::string_view routing_key, const SpoolCursor& cursor);
  base::Result<std::optional<base::WallTime>> oldest_time(const Ledger::Line& line);

 private:
  Store(std::string directory, const Spool::Options& options, Tables tables)
      : directory_(std::move(directory)), options_(options), tables_(std::move(tables)) {}

  base::Status read_ledger();
  base::Status check_space(std::uint64_t more) const;
  base::Result<Ledger::Line*> line_for(Ledger& ledger, std::string_view routing_key);
  base::Status make_room(Ledger& ledger, std::uint64_t charge, std::vector<SpooledBody>& gone);
  base::Status add(Ledger& ledger, SpooledBody& body, std::vector<SpooledBody>& gone);
  base::Status move_cursor(Ledger::Line& line, const SpoolCursor& cursor);
  base::Status save_cursors();
  base::Status prune();
  base::Status shrink();

  std::string directory_;
  Spool::Options options_;
  Tables tables_;
  Ledger ledger_;
};

}  // namespace mexport::exporter::spool
