// SPDX-License-Identifier: MIT
#include "storage/database.hpp"

#include "tests/unit/export/temporary_directory.hpp"

#include "storage/error.hpp"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace mexport::storage {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  static Database must_open(const std::string& path) {
    auto opened = Database::open(path, {});
    if (!opened) throw std::system_error(opened.error());
    return std::move(*opened);
  }

  exporter::testing::TemporaryDirectory directory_;
  std::string path_ = directory_.path() + "/file";
};

TEST_F(DatabaseTest, GivesBackWhatWasBound) {
  auto database = must_open(path_);
  ASSERT_TRUE(database.run("CREATE TABLE t (a INTEGER, b TEXT, c BLOB)"));
  const base::Bytes blob{0, 1, 255};
  {
    auto insert = database.prepare("INSERT INTO t VALUES (?1, ?2, ?3)");
    ASSERT_TRUE(insert);
    ASSERT_TRUE(insert->bind(1, std::int64_t{-5}).bind(2, "x").bind(3, blob).run());
    insert->reset();
    ASSERT_TRUE(insert->bind(1, std::int64_t{1} << 62).bind(2, "").bind(3, base::ByteView{}).run());
  }
  auto select = database.prepare("SELECT a, b, c FROM t ORDER BY a");
  ASSERT_TRUE(select);
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->integer(0), -5);
  EXPECT_EQ(select->text(1), "x");
  EXPECT_EQ(base::to_bytes(select->blob(2)), blob);
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->integer(0), std::int64_t{1} << 62);
  EXPECT_TRUE(select->blob(2).empty());
  EXPECT_FALSE(select->step().value());
}

TEST_F(DatabaseTest, RollsBackWhatWasNotCommitted) {
  auto database = must_open(path_);
  ASSERT_TRUE(database.run("CREATE TABLE t (a INTEGER)"));
  {
    Transaction transaction(database);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction.commit());
  }
  {
    Transaction transaction(database);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (2)"));
  }
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(database.integer("SELECT sum(a) FROM t").value(), 1);
}

TEST_F(DatabaseTest, IsForOneProcessAndOneUser) {
  const auto database = must_open(path_);
  const auto second = Database::open(path_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), Error::in_use);
  const auto permissions = std::filesystem::status(path_).permissions();
  EXPECT_EQ(permissions & std::filesystem::perms::mask, static_cast<std::filesystem::perms>(0600));
}

TEST_F(DatabaseTest, TellsWhatIsWrong) {
  std::ofstream(path_) << std::string(10000, 'x');
  EXPECT_EQ(Database::open(path_, {}).error(), Error::damaged);
  EXPECT_EQ(Database::open(directory_.path() + "/no/such", {}).error(), Error::cannot_open);
  auto database = must_open(directory_.path() + "/other");
  EXPECT_EQ(database.prepare("SELECT nonsense").error(), Error::failed);
  ASSERT_TRUE(database.run("CREATE TABLE t (a BLOB); PRAGMA max_page_count = 4"));
  EXPECT_EQ(database.run("INSERT INTO t VALUES (zeroblob(100000))").error(), Error::disk_full);
  EXPECT_EQ(Error::disk_full, make_error_code(Error::disk_full));
  EXPECT_EQ(make_error_code(Error::disk_full).message(), "disk full");
}

TEST_F(DatabaseTest, MovesAFileAsideInPlaceOfAnEarlierOne) {
  const auto to = path_ + ".damaged";
  for (const auto* content : {"one", "two"}) {
    std::ofstream(path_) << content;
    std::ofstream(path_ + "-wal") << content;
    ASSERT_TRUE(move_aside(path_, to));
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
    std::string found;
    std::ifstream(to) >> found;
    EXPECT_EQ(found, content);
  }
  std::ofstream(path_) << "three";
  ASSERT_TRUE(move_aside(path_, to));
  EXPECT_FALSE(std::filesystem::exists(to + "-wal")) << "the log of another file";
  EXPECT_EQ(move_aside(path_, to).error(), Error::cannot_open);
}

}  // namespace
}  // namespace mexport::storage
