// SPDX-License-Identifier: MIT
#include "tests/sim/world_disk.hpp"

#include "export/trace_files.hpp"
#include "tests/sim/accounting.hpp"

#include <utility>

namespace mexport::sim {
namespace {

constexpr std::string_view kDirectory = "/traces/";

/// Does something on the world's account.
template <class F>
auto by_world(F&& operation) {
  const OwnerScope scope(Owner::world);
  return operation();
}

}  // namespace

class WorldDisk::Output final : public exporter::OutputFile {
 public:
  explicit Output(std::unique_ptr<exporter::OutputFile> file) : file_(std::move(file)) {}
  base::Status append(base::ByteView bytes) override {
    return by_world([&] { return file_->append(bytes); });
  }
  base::Status sync() override {
    return by_world([&] { return file_->sync(); });
  }
  base::Status truncate(std::uint64_t size) override {
    return by_world([&] { return file_->truncate(size); });
  }

 private:
  std::unique_ptr<exporter::OutputFile> file_;
};

WorldDisk::WorldDisk(std::uint64_t seed) : random_(seed) {
  disk_.set_fault([this](std::string_view, const std::string&) -> std::error_code {
    if (failing_ == 0 || random_.below(1000) >= failing_) return {};
    return std::make_error_code(std::errc::io_error);
  });
}

void WorldDisk::set_full(bool full) {
  std::uint64_t used = 0;
  if (full) {
    for (const auto& name : disk_.names()) used += disk_.read_all("/traces/" + name).size();
  }
  disk_.set_capacity(full ? used + random_.below(2'000) : std::uint64_t{1} << 60);
}

void WorldDisk::lose_power() {
  disk_.lose_power([this](std::size_t unsynced) { return random_.below(unsynced + 1); });
}

/// Whether the removal of a file is that of something recorded: not of a file that has another
/// copy, or that its writer gives up.
bool WorldDisk::made_room(const std::string& path) {
  if (path.ends_with(exporter::kTraceSuffix)) return true;
  if (!path.ends_with(exporter::kUnfinishedSuffix)) return false;
  const auto size = exporter::kUnfinishedSuffix.size() - exporter::kTraceSuffix.size();
  const auto finished = path.substr(0, path.size() - size);
  return !disk_.in_use(path).value_or(true) &&
         !disk_.names().contains(finished.substr(kDirectory.size()));
}

void WorldDisk::restore_removed() {
  for (auto& [path, content] : removed_) {
    if (!disk_.names().contains(path.substr(kDirectory.size()))) {
      disk_.write_all(path, std::move(content));
    }
  }
  removed_.clear();
}

std::uint64_t WorldDisk::finished_bytes() {
  std::uint64_t sum = 0;
  for (const auto& name : disk_.names()) {
    if (name.ends_with(exporter::kTraceSuffix)) {
      sum += disk_.read_all(std::string(kDirectory) + name).size();
    }
  }
  return sum;
}

base::Status WorldDisk::create_directories(const std::string& path) {
  return by_world([&] { return disk_.create_directories(path); });
}
base::Result<std::vector<exporter::DirectoryEntry>> WorldDisk::list(const std::string& directory) {
  return by_world([&] { return disk_.list(directory); });
}
base::Result<bool> WorldDisk::exists(const std::string& path) {
  return by_world([&] { return disk_.exists(path); });
}
base::Result<bool> WorldDisk::is_directory(const std::string& path) {
  return by_world([&] { return disk_.is_directory(path); });
}
base::Result<std::uint64_t> WorldDisk::file_size(const std::string& path) {
  return by_world([&] { return disk_.file_size(path); });
}
base::Result<exporter::DiskSpace> WorldDisk::space(const std::string& directory) {
  return by_world([&] { return disk_.space(directory); });
}
base::Result<std::unique_ptr<exporter::OutputFile>> WorldDisk::create(const std::string& path) {
  return by_world([&]() -> base::Result<std::unique_ptr<exporter::OutputFile>> {
    auto file = disk_.create(path);
    if (!file) return file;
    return std::make_unique<Output>(std::move(*file));
  });
}
base::Result<std::unique_ptr<exporter::InputFile>> WorldDisk::open(const std::string& path) {
  return by_world([&] { return disk_.open(path); });
}
base::Result<bool> WorldDisk::in_use(const std::string& path) {
  return by_world([&] { return disk_.in_use(path); });
}
base::Status WorldDisk::rename(const std::string& from, const std::string& to) {
  return by_world([&] { return disk_.rename(from, to); });
}
base::Status WorldDisk::remove(const std::string& path) {
  return by_world([&] {
    const bool keeps = made_room(path);
    auto content = keeps ? disk_.read_all(path) : std::string();
    auto status = disk_.remove(path);
    if (status && keeps) removed_[path] = std::move(content);
    return status;
  });
}
base::Status WorldDisk::sync_directory(const std::string& directory) {
  return by_world([&] { return disk_.sync_directory(directory); });
}

}  // namespace mexport::sim
