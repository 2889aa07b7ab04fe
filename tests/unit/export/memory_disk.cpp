// SPDX-License-Identifier: MIT
#include "tests/unit/export/memory_disk.hpp"

#include <algorithm>
#include <utility>

namespace mexport::exporter::testing {
namespace {

std::unexpected<std::error_code> failure(std::errc code) {
  return base::fail(std::make_error_code(code));
}

}  // namespace

class MemoryDisk::Output final : public OutputFile {
 public:
  Output(MemoryDisk& disk, std::string path, ContentPtr content)
      : disk_(disk), path_(std::move(path)), content_(std::move(content)) {}
  ~Output() override {
    const std::lock_guard lock(disk_.mutex_);
    content_->in_use = false;
  }

  base::Status append(base::ByteView bytes) override {
    const auto status = disk_.check("append", path_);
    if (!status) bytes = bytes.first(bytes.size() / 2);
    const std::lock_guard lock(disk_.mutex_);
    const auto fitting = std::min<std::uint64_t>(bytes.size(), disk_.free_space());
    content_->data.append(base::as_text(bytes.first(fitting)));
    if (fitting < bytes.size()) return failure(std::errc::no_space_on_device);
    return status;
  }
  base::Status sync() override {
    if (auto status = disk_.check("sync", path_); !status) return status;
    const std::lock_guard lock(disk_.mutex_);
    content_->durable = content_->data;
    return {};
  }
  base::Status truncate(std::uint64_t size) override {
    if (auto status = disk_.check("truncate", path_); !status) return status;
    const std::lock_guard lock(disk_.mutex_);
    content_->data.resize(size);
    return {};
  }

 private:
  MemoryDisk& disk_;
  std::string path_;
  ContentPtr content_;
};

class MemoryDisk::Input final : public InputFile {
 public:
  Input(MemoryDisk& disk, std::string path, ContentPtr content)
      : disk_(disk), path_(std::move(path)), content_(std::move(content)) {}

  base::Result<std::size_t> read(base::MutableByteView buffer) override {
    if (auto status = disk_.check("read", path_); !status) return base::fail(status.error());
    const std::lock_guard lock(disk_.mutex_);
    const auto& data = content_->data;
    const auto count = std::min(buffer.size(), data.size() - std::min(at_, data.size()));
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at_), count, buffer.begin());
    at_ += count;
    return count;
  }

 private:
  MemoryDisk& disk_;
  std::string path_;
  ContentPtr content_;
  std::size_t at_ = 0;
};

void MemoryDisk::set_fault(Fault fault) {
  const std::lock_guard lock(fault_mutex_);
  fault_ = std::move(fault);
}

base::Status MemoryDisk::check(std::string_view operation, const std::string& path) {
  const std::lock_guard lock(fault_mutex_);
  if (!fault_) return {};
  if (const auto error = fault_(operation, path)) return base::fail(error);
  return {};
}

void MemoryDisk::set_capacity(std::uint64_t bytes, std::uint64_t others) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
  others_ = others;
}

std::uint64_t MemoryDisk::free_space() const {
  std::uint64_t used = others_;
  for (const auto& [path, content] : files_) used += content->data.size();
  return used < capacity_ ? capacity_ - used : 0;
}

void MemoryDisk::lose_power() {
  lose_power([](std::size_t) { return std::size_t{0}; });
}

void MemoryDisk::lose_power(const std::function<std::size_t(std::size_t)>& torn) {
  const std::lock_guard lock(mutex_);
  files_ = durable_files_;
  for (auto& [path, content] : files_) {
    auto& data = content->data;
    const bool grown = data.size() > content->durable.size() && data.starts_with(content->durable);
    const auto kept = grown ? torn(data.size() - content->durable.size()) : 0;
    data = content->durable + (kept > 0 ? data.substr(content->durable.size(), kept) : "");
    content->in_use = false;
  }
}

std::string MemoryDisk::read_all(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  return found == files_.end() ? std::string() : found->second->data;
}

void MemoryDisk::write_all(const std::string& path, std::string content) {
  const std::lock_guard lock(mutex_);
  files_[path] = std::make_shared<Content>(Content{.data = content, .durable = content});
  durable_files_[path] = files_[path];
}

std::set<std::string> MemoryDisk::names() {
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const auto& [path, content] : files_) names.insert(path.substr(path.rfind('/') + 1));
  return names;
}

base::Status MemoryDisk::create_directories(const std::string& path) {
  if (auto status = check("create_directories", path); !status) return status;
  const std::lock_guard lock(mutex_);
  for (auto at = path.find('/', 1);; at = path.find('/', at + 1)) {
    directories_.insert(path.substr(0, at));
    if (at == std::string::npos) return {};
  }
}

base::Result<std::vector<DirectoryEntry>> MemoryDisk::list(const std::string& directory) {
  if (auto status = check("list", directory); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  if (!directories_.contains(directory)) return failure(std::errc::no_such_file_or_directory);
  std::vector<DirectoryEntry> entries;
  const auto add = [&](const std::string& path, bool is_directory) {
    if (!path.starts_with(directory + "/")) return;
    auto name = path.substr(directory.size() + 1);
    if (name.find('/') == std::string::npos) entries.push_back({std::move(name), is_directory});
  };
  for (const auto& path : directories_) add(path, true);
  for (const auto& [path, content] : files_) add(path, false);
  return entries;
}

base::Result<bool> MemoryDisk::exists(const std::string& path) {
  if (auto status = check("exists", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  return files_.contains(path) || directories_.contains(path);
}

base::Result<bool> MemoryDisk::is_directory(const std::string& path) {
  if (auto status = check("is_directory", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  if (directories_.contains(path)) return true;
  if (files_.contains(path)) return false;
  return failure(std::errc::no_such_file_or_directory);
}

base::Result<std::uint64_t> MemoryDisk::file_size(const std::string& path) {
  if (auto status = check("file_size", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return failure(std::errc::no_such_file_or_directory);
  return found->second->data.size();
}

base::Result<DiskSpace> MemoryDisk::space(const std::string& directory) {
  if (auto status = check("space", directory); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  if (!directories_.contains(directory)) return failure(std::errc::no_such_file_or_directory);
  return DiskSpace{.total = capacity_, .available = free_space()};
}

base::Result<std::unique_ptr<OutputFile>> MemoryDisk::create(const std::string& path) {
  if (auto status = check("create", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  const auto parent = path.substr(0, path.rfind('/'));
  if (!directories_.contains(parent)) return failure(std::errc::no_such_file_or_directory);
  const auto [at, created] = files_.try_emplace(path);
  if (!created) return failure(std::errc::file_exists);
  at->second = std::make_shared<Content>();
  at->second->in_use = true;
  return std::make_unique<Output>(*this, path, at->second);
}

base::Result<std::unique_ptr<InputFile>> MemoryDisk::open(const std::string& path) {
  if (auto status = check("open", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  if (directories_.contains(path)) return failure(std::errc::is_a_directory);
  const auto found = files_.find(path);
  if (found == files_.end()) return failure(std::errc::no_such_file_or_directory);
  return std::make_unique<Input>(*this, path, found->second);
}

base::Result<bool> MemoryDisk::in_use(const std::string& path) {
  if (auto status = check("in_use", path); !status) return base::fail(status.error());
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return failure(std::errc::no_such_file_or_directory);
  return found->second->in_use;
}

base::Status MemoryDisk::rename(const std::string& from, const std::string& to) {
  if (auto status = check("rename", from); !status) return status;
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(from);
  if (found == files_.end()) return failure(std::errc::no_such_file_or_directory);
  if (files_.contains(to)) return failure(std::errc::file_exists);
  files_[to] = found->second;
  files_.erase(from);
  return {};
}

base::Status MemoryDisk::remove(const std::string& path) {
  if (auto status = check("remove", path); !status) return status;
  const std::lock_guard lock(mutex_);
  if (files_.erase(path) == 0) return failure(std::errc::no_such_file_or_directory);
  return {};
}

base::Status MemoryDisk::sync_directory(const std::string& directory) {
  if (auto status = check("sync_directory", directory); !status) return status;
  const std::lock_guard lock(mutex_);
  durable_files_ = files_;
  return {};
}

}  // namespace mexport::exporter::testing
