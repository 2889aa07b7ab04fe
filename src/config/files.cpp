// SPDX-License-Identifier: MIT
#include "config/files.hpp"

#include "base/file_descriptor.hpp"
#include "config/parse_config.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mexport::config {
namespace {

constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;

std::unexpected<SetupError> failed(std::string_view what, const std::filesystem::path& path) {
  const std::error_code error(errno, std::generic_category());
  return std::unexpected(
      SetupError{std::string(what) + " " + path.string() + ": " + error.message()});
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_directory(const std::filesystem::path& directory) {
  const base::FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && (::fsync(fd.get()) == 0 || errno == EINVAL);  // not all file systems can
}

bool write_new(const std::filesystem::path& path, std::string_view content) {
  ::unlink(path.c_str());  // what a crash may have left
  const base::FileDescriptor fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate));
  return fd && write_all(fd.get(), content) && ::fsync(fd.get()) == 0;
}

}  // namespace

Setup<std::optional<std::string>> read_document(const std::filesystem::path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return std::optional<std::string>();
  if (!fd) return failed("cannot read", path);
  std::string content;
  std::array<char, 16 * 1024> buffer{};
  for (;;) {
    const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed("cannot read", path);
    if (size == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(size));
    if (content.size() > kMaxDocumentSize) {
      return std::unexpected(SetupError{path.string() + " is larger than a configuration may be (" +
                                        std::to_string(kMaxDocumentSize) + " bytes)"});
    }
  }
}

SetupStatus write_durably(const std::filesystem::path& path, std::string_view content) {
  auto next = path;
  next += ".new";
  if (!write_new(next, content) || std::rename(next.c_str(), path.c_str()) != 0) {
    auto failure = failed("cannot write", path);
    ::unlink(next.c_str());
    return failure;
  }
  const auto directory = path.has_parent_path() ? path.parent_path() : ".";
  if (!sync_directory(directory)) return failed("cannot sync", directory);
  return {};
}

Setup<bool> create_durably(const std::filesystem::path& path, std::string_view content) {
  auto next = path;
  next += ".new." + std::to_string(::getpid());
  if (!write_new(next, content)) {
    auto failure = failed("cannot write", path);
    ::unlink(next.c_str());
    return failure;
  }
  // A link, unlike a rename, never replaces what another process has just put there.
  const bool linked = ::link(next.c_str(), path.c_str()) == 0;
  const bool present = !linked && errno == EEXIST;
  auto failure = failed("cannot write", path);
  ::unlink(next.c_str());
  if (present) return false;
  if (!linked) return failure;
  const auto directory = path.has_parent_path() ? path.parent_path() : ".";
  if (!sync_directory(directory)) return failed("cannot sync", directory);
  return true;
}

bool others_may_use(const std::filesystem::path& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace mexport::config
