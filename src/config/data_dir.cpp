// SPDX-License-Identifier: MIT
#include "config/data_dir.hpp"

#include "config/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <ranges>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace mexport::config {
namespace {

namespace fs = std::filesystem;

std::unexpected<SetupError> failed(const std::string& what) {
  const std::error_code error(errno, std::generic_category());
  return std::unexpected(SetupError{what + ": " + error.message()});
}

/// Directories that this start has made; removed again unless all went well.
class MadeDirectories {
 public:
  MadeDirectories() = default;
  MadeDirectories(const MadeDirectories&) = delete;
  MadeDirectories& operator=(const MadeDirectories&) = delete;
  ~MadeDirectories() {
    for (const auto& path : std::views::reverse(made_)) ::rmdir(path.c_str());
  }

  /// Makes what is missing of the path, mode 0700. False leaves the cause in errno.
  bool make(const fs::path& path) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0) {
      made_.push_back(path);
      return true;
    }
    if (errno == EEXIST) return true;
    if (errno != ENOENT || !path.has_parent_path()) return false;
    return make(path.parent_path()) && make_last(path);
  }

  void keep() { made_.clear(); }

 private:
  bool make_last(const fs::path& path) {
    if (::mkdir(path.c_str(), S_IRWXU) != 0) return errno == EEXIST;
    made_.push_back(path);
    return true;
  }

  std::vector<fs::path> made_;
};

}  // namespace

Setup<fs::path> default_data_dir(const char* mexport_path, const char* home) {
  if (mexport_path != nullptr && *mexport_path != '\0') return fs::path(mexport_path);
  if (home != nullptr && *home != '\0') return fs::path(home) / ".mexport";
  return std::unexpected(
      SetupError{"no data directory: give --data-dir, or set MEXPORT_PATH or HOME"});
}

Setup<DataDir> DataDir::open(const fs::path& path) {
  const std::string name = path.string();
  MadeDirectories made;
  if (!made.make(path)) return failed("cannot make the data directory " + name);
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return failed("cannot use the data directory " + name);
  }
  const auto lock_path = path / "lock";
  base::FileDescriptor lock(
      ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!lock) return failed("cannot use the data directory " + name + ": " + lock_path.string());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed("cannot lock the data directory " + name);
    return std::unexpected(
        SetupError{"the data directory " + name + " is in use by another process"});
  }
  made.keep();
  return DataDir(path, std::move(lock));
}

Setup<std::optional<std::string>> DataDir::read_config() const {
  return read_document(config_path());
}

SetupStatus DataDir::write_config(std::string_view document) const {
  return write_durably(config_path(), document);
}

}  // namespace mexport::config
