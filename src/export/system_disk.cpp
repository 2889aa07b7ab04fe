// SPDX-License-Identifier: MIT
#include "export/system_disk.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace mexport::exporter {
namespace {

std::error_code last_error() {
  return {errno, std::system_category()};
}
base::Status status_of(int result) {
  if (result != 0) return base::fail(last_error());
  return {};
}

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Descriptor open_descriptor(const std::string& path, int flags, mode_t mode = 0) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  return Descriptor(descriptor);
}

class SystemOutputFile final : public OutputFile {
 public:
  explicit SystemOutputFile(Descriptor file) : file_(std::move(file)) {}

  base::Status append(base::ByteView bytes) override {
    while (!bytes.empty()) {
      const auto written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return base::fail(last_error());
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
  }
  base::Status sync() override { return status_of(::fdatasync(file_.get())); }
  base::Status truncate(std::uint64_t size) override {
    const auto length = static_cast<off_t>(size);
    if (::ftruncate(file_.get(), length) != 0) return base::fail(last_error());
    if (::lseek(file_.get(), length, SEEK_SET) < 0) return base::fail(last_error());
    return {};
  }

 private:
  Descriptor file_;
};

class SystemInputFile final : public InputFile {
 public:
  explicit SystemInputFile(Descriptor file) : file_(std::move(file)) {}

  base::Result<std::size_t> read(base::MutableByteView buffer) override {
    for (;;) {
      const auto got = ::read(file_.get(), buffer.data(), buffer.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return base::fail(last_error());
    }
  }

 private:
  Descriptor file_;
};

}  // namespace

base::Status SystemDisk::create_directories(const std::string& path) {
  std::string parent;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    parent = path.substr(0, end);
    if (::mkdir(parent.c_str(), S_IRWXU) == 0 || errno == EEXIST) continue;
    // A parent that we may not write to is fine as long as it is there.
    const auto error = last_error();
    if (auto there = is_directory(parent); !there || !*there) return base::fail(error);
  }
  const auto directory = is_directory(path);
  if (!directory) return base::fail(directory.error());
  if (!*directory) return base::fail(std::make_error_code(std::errc::not_a_directory));
  return {};
}

base::Result<std::vector<DirectoryEntry>> SystemDisk::list(const std::string& directory) {
  std::error_code error;
  std::vector<DirectoryEntry> entries;
  std::filesystem::directory_iterator at(directory, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::error_code ignored;  // an entry that has gone is no directory
    entries.push_back({at->path().filename().string(), at->is_directory(ignored)});
  }
  if (error) return base::fail(error);
  return entries;
}

base::Result<bool> SystemDisk::exists(const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) return true;
  if (errno == ENOENT) return false;
  return base::fail(last_error());
}

base::Result<bool> SystemDisk::is_directory(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return base::fail(last_error());
  return S_ISDIR(found.st_mode);
}

base::Result<std::uint64_t> SystemDisk::file_size(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return base::fail(last_error());
  return static_cast<std::uint64_t>(found.st_size);
}

base::Result<DiskSpace> SystemDisk::space(const std::string& directory) {
  struct statvfs found{};
  if (::statvfs(directory.c_str(), &found) != 0) return base::fail(last_error());
  const std::uint64_t reserved = found.f_bfree - found.f_bavail;  // for the superuser
  return DiskSpace{.total = (found.f_blocks - reserved) * found.f_frsize,
                   .available = found.f_bavail * found.f_frsize};
}

base::Result<std::unique_ptr<OutputFile>> SystemDisk::create(const std::string& path) {
  auto file = open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (!file.valid()) return base::fail(last_error());
  // Says to in_use() that its writer lives. Where locks are not supported, none does.
  ::flock(file.get(), LOCK_EX | LOCK_NB);
  return std::make_unique<SystemOutputFile>(std::move(file));
}

base::Result<std::unique_ptr<InputFile>> SystemDisk::open(const std::string& path) {
  auto file = open_descriptor(path, O_RDONLY);
  if (!file.valid()) return base::fail(last_error());
  struct stat found{};
  if (::fstat(file.get(), &found) == 0 && S_ISDIR(found.st_mode)) {
    return base::fail(std::make_error_code(std::errc::is_a_directory));
  }
  return std::make_unique<SystemInputFile>(std::move(file));
}

base::Result<bool> SystemDisk::in_use(const std::string& path) {
  const auto file = open_descriptor(path, O_RDONLY);
  if (!file.valid()) return base::fail(last_error());
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return false;
  if (errno == EWOULDBLOCK) return true;
  return base::fail(last_error());
}

base::Status SystemDisk::rename(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno != EINVAL && errno != ENOSYS) return base::fail(last_error());
  // File systems without that flag: a hard link fails too when the name is taken.
  if (::link(from.c_str(), to.c_str()) != 0) return base::fail(last_error());
  return remove(from);
}

base::Status SystemDisk::remove(const std::string& path) {
  return status_of(::unlink(path.c_str()));
}

base::Status SystemDisk::sync_directory(const std::string& directory) {
  const auto file = open_descriptor(directory, O_RDONLY | O_DIRECTORY);
  if (!file.valid()) return base::fail(last_error());
  if (::fsync(file.get()) == 0 || errno == EINVAL) return {};  // not all file systems can
  return base::fail(last_error());
}

}  // namespace mexport::exporter
