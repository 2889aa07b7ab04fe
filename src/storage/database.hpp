// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite, as far as spool and peer store need it. All errors are storage::Error.
namespace mexport::storage {

/// A prepared statement. Goes before its database does. What is bound must live until the next
/// reset(); what is read is valid until the next step() or reset().
class Statement {
 public:
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, base::ByteView blob);

  /// True when there is a row; false at the end, after which the statement has been reset. An error
  /// of a bind() shows here.
  base::Result<bool> step();
  /// Steps to the end, past any rows.
  base::Status run();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  base::ByteView blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void note(int result);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;
};

/// One open database file. Of one thread at a time.
class Database {
 public:
  struct Options {
    int page_size = 4096;             ///< of a new file; a power of two, 512 to 65536
    bool survive_power_loss = false;  ///< each commit is synced; otherwise it survives the process
    std::int64_t max_log = std::int64_t{16} << 20;  ///< to what the write-ahead log is cut back
  };

  /// Opens or makes the file (mode 0600), in WAL mode, for this process alone.
  static base::Result<Database> open(const std::string& path, const Options& options);

  base::Result<Statement> prepare(std::string_view sql);
  /// One or more statements without parameters.
  base::Status run(const char* sql);
  /// The single integer of a query, as of a pragma.
  base::Result<std::int64_t> integer(std::string_view sql);
  std::int64_t last_id() const;
  /// Rows that the last insert, update or delete touched.
  std::int64_t changed_rows() const;
  bool in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
};

/// All or nothing: rolled back unless commit() has succeeded.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Of the begin.
  const base::Status& status() const { return status_; }
  base::Status commit();

 private:
  Database& database_;
  base::Status status_;
};

/// Renames a database that is no good, with its log; a file of the new name goes. It must be
/// closed.
base::Status move_aside(const std::string& path, const std::string& to);

}  // namespace mexport::storage
