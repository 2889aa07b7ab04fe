// SPDX-License-Identifier: MIT
#include "storage/database.hpp"

#include "storage/error.hpp"
#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace mexport::storage {
namespace {

Error error_of(int result) {
  switch (result & 0xff) {  // the upper bits tell more of the same
    case SQLITE_FULL:
      return Error::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error::damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::in_use;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return Error::cannot_open;
    case SQLITE_IOERR:
      return Error::io_error;
    default:
      return Error::failed;
  }
}

base::Status status_of(int result) {
  if (result == SQLITE_OK) return {};
  return base::fail(error_of(result));
}

/// SQLite would make it readable for all.
void create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) ::close(file);
}

std::string pragmas(const Database::Options& options) {
  return "PRAGMA locking_mode=EXCLUSIVE;"
         "PRAGMA page_size=" +
         std::to_string(options.page_size) +
         ";"
         "PRAGMA journal_mode=WAL;"
         "PRAGMA synchronous=" +
         (options.survive_power_loss ? "FULL" : "NORMAL") +
         ";"
         "PRAGMA journal_size_limit=" +
         std::to_string(options.max_log) +
         ";"
         "PRAGMA cell_size_check=ON;"
         "PRAGMA trusted_schema=OFF;";
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::note(int result) {
  if (bind_error_ == SQLITE_OK) bind_error_ = result;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  note(sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int parameter, base::ByteView blob) {
  // A null pointer would be NULL, not an empty blob.
  const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
  note(sqlite3_bind_blob64(statement_.get(), parameter, data, blob.size(), SQLITE_STATIC));
  return *this;
}

base::Result<bool> Statement::step() {
  const int result = bind_error_ == SQLITE_OK ? sqlite3_step(statement_.get()) : bind_error_;
  if (result == SQLITE_ROW) return true;
  reset();
  if (result == SQLITE_DONE) return false;
  return base::fail(error_of(result));
}

base::Status Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return base::fail(row.error());
    if (!*row) return {};
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_error_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

base::ByteView Statement::blob(int column) const {
  const auto* data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);  // NULL is fine
}

base::Result<Database> Database::open(const std::string& path, const Options& options) {
  create_private(path);
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (opened != SQLITE_OK) return base::fail(error_of(opened));
  if (auto set = database.run(pragmas(options).c_str()); !set) return base::fail(set.error());
  return database;
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return base::fail(error_of(result));
  return Statement(statement);
}

base::Status Database::run(const char* sql) {
  return status_of(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

base::Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return base::fail(statement.error());
  const auto row = statement->step();
  if (!row) return base::fail(row.error());
  return *row ? statement->integer(0) : 0;
}

std::int64_t Database::last_id() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t Database::changed_rows() const {
  return sqlite3_changes64(handle_.get());
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

// IMMEDIATE: whatever hinders writing shows here, not halfway.
Transaction::Transaction(Database& database)
    : database_(database), status_(database.run("BEGIN IMMEDIATE")) {}

Transaction::~Transaction() {
  // Some errors have rolled back already.
  if (status_ && database_.in_transaction()) std::ignore = database_.run("ROLLBACK");
}

base::Status Transaction::commit() {
  if (!status_) return status_;
  return database_.run("COMMIT");
}

base::Status move_aside(const std::string& path, const std::string& to) {
  for (const auto* suffix : {"", "-wal"}) {
    const auto from = path + suffix;
    const auto target = to + suffix;
    if (::rename(from.c_str(), target.c_str()) == 0) continue;
    // No log after a clean stop; an older one that was moved aside is not this file's.
    if (errno != ENOENT || *suffix == '\0') return base::fail(Error::cannot_open);
    ::unlink(target.c_str());
  }
  return {};
}

}  // namespace mexport::storage
