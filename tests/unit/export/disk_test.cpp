// SPDX-License-Identifier: MIT
// What every Disk has to do; the real one and the one in memory that other tests use.
#include "export/disk.hpp"

#include "export/system_disk.hpp"
#include "export/trace_files.hpp"
#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mexport::exporter {
namespace {

template <class D>
class DiskTest : public ::testing::Test {
 protected:
  DiskTest() { EXPECT_TRUE(disk_.create_directories(directory_)); }

  std::string path(const std::string& name) const { return join_path(directory_, name); }
  void write(const std::string& name, std::string_view text) {
    auto file = disk_.create(path(name));
    ASSERT_TRUE(file) << file.error().message();
    ASSERT_TRUE((*file)->append(base::as_bytes(text)));
    ASSERT_TRUE((*file)->sync());
  }
  std::string read(const std::string& name) {
    auto file = disk_.open(path(name));
    if (!file) return "error: " + file.error().message();
    std::string text;
    base::Bytes buffer(3);
    for (;;) {
      const auto got = (*file)->read(buffer);
      if (!got || *got == 0) return text;
      text.append(base::as_text(buffer).substr(0, *got));
    }
  }

  testing::TemporaryDirectory temporary_;
  std::string directory_ = join_path(temporary_.path(), "a/b");
  D disk_;
};
using Disks = ::testing::Types<SystemDisk, testing::MemoryDisk>;
TYPED_TEST_SUITE(DiskTest, Disks);

TYPED_TEST(DiskTest, GivesBackWhatWasWritten) {
  this->write("f", "one two three");
  EXPECT_EQ(this->read("f"), "one two three");
}

TYPED_TEST(DiskTest, ADirectoryMayBeThereAlready) {
  EXPECT_TRUE(this->disk_.create_directories(this->directory_));
  EXPECT_EQ(this->disk_.is_directory(this->directory_), true);
}

TYPED_TEST(DiskTest, TellsSizes) {
  this->write("f", "one two three");
  EXPECT_EQ(this->disk_.file_size(this->path("f")), 13U);
  EXPECT_EQ(this->disk_.file_size(this->path("g")).error(), std::errc::no_such_file_or_directory);
  const auto space = this->disk_.space(this->directory_);
  ASSERT_TRUE(space);
  EXPECT_GT(space->total, 0U);
  EXPECT_LE(space->available, space->total);
  EXPECT_EQ(this->disk_.space(this->path("nowhere")).error(), std::errc::no_such_file_or_directory);
}

TYPED_TEST(DiskTest, ListsFilesAndFolders) {
  this->write("f", "");
  ASSERT_TRUE(this->disk_.create_directories(this->path("sub")));
  const auto entries = this->disk_.list(this->directory_);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2U);
  for (const auto& entry : *entries) EXPECT_EQ(entry.directory, entry.name == "sub");
}

TYPED_TEST(DiskTest, NeverReplacesAFile) {
  this->write("f", "first");
  this->write("g", "second");
  const auto created = this->disk_.create(this->path("f"));
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error(), std::errc::file_exists);
  const auto renamed = this->disk_.rename(this->path("g"), this->path("f"));
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error(), std::errc::file_exists);
  EXPECT_EQ(this->read("f"), "first");
  EXPECT_EQ(this->read("g"), "second");
}

TYPED_TEST(DiskTest, RenamesAndRemoves) {
  this->write("f", "text");
  ASSERT_TRUE(this->disk_.rename(this->path("f"), this->path("g")));
  EXPECT_EQ(this->disk_.exists(this->path("f")), false);
  EXPECT_EQ(this->read("g"), "text");
  ASSERT_TRUE(this->disk_.remove(this->path("g")));
  EXPECT_EQ(this->disk_.exists(this->path("g")), false);
  EXPECT_TRUE(this->disk_.sync_directory(this->directory_));
}

TYPED_TEST(DiskTest, TruncatesAndGoesOn) {
  auto file = this->disk_.create(this->path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->append(base::as_bytes("one two")));
  ASSERT_TRUE((*file)->truncate(4));
  ASSERT_TRUE((*file)->append(base::as_bytes("three")));
  EXPECT_EQ(this->read("f"), "one three");
}

TYPED_TEST(DiskTest, AFileIsInUseUntilItIsClosed) {
  auto file = this->disk_.create(this->path("f"));
  ASSERT_TRUE(file);
  EXPECT_EQ(this->disk_.in_use(this->path("f")), true);
  file->reset();
  EXPECT_EQ(this->disk_.in_use(this->path("f")), false);
}

TYPED_TEST(DiskTest, ReadersSeeWhatIsAppendedLater) {
  auto file = this->disk_.create(this->path("f"));
  ASSERT_TRUE(file);
  auto input = this->disk_.open(this->path("f"));
  ASSERT_TRUE(input);
  base::Bytes buffer(10);
  EXPECT_EQ((*input)->read(buffer), 0U);
  ASSERT_TRUE((*file)->append(base::as_bytes("more")));
  EXPECT_EQ((*input)->read(buffer), 4U);
}

TYPED_TEST(DiskTest, SaysWhatIsNotThere) {
  const auto missing = this->path("missing");
  EXPECT_EQ(this->disk_.open(missing).error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(this->disk_.list(missing).error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(this->disk_.is_directory(missing).error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(this->disk_.remove(missing).error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(this->disk_.rename(missing, this->path("x")).error(),
            std::errc::no_such_file_or_directory);
  EXPECT_EQ(this->disk_.open(this->directory_).error(), std::errc::is_a_directory);
}

TEST(SystemDisk, RefusesADirectoryBelowAFile) {
  const testing::TemporaryDirectory temporary;
  SystemDisk disk;
  ASSERT_TRUE(disk.create(join_path(temporary.path(), "f")));
  EXPECT_FALSE(disk.create_directories(join_path(temporary.path(), "f/sub")));
  EXPECT_FALSE(disk.create_directories(join_path(temporary.path(), "f")));
}

TEST(SystemDisk, KeepsTracesPrivate) {
  const testing::TemporaryDirectory temporary;
  SystemDisk disk;
  const auto directory = join_path(temporary.path(), "traces");
  ASSERT_TRUE(disk.create_directories(directory));
  ASSERT_TRUE(disk.create(join_path(directory, "f")));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(join_path(directory, "f")).permissions(),
            perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace mexport::exporter
