// SPDX-License-Identifier: MIT
#include "storage/block_files.hpp"

#include "base/error_category.hpp"
#include "crypto/multihash_digest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mexport::storage {

namespace fs = std::filesystem;
using multiformats::Cid;

namespace {

constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;
/// Becomes a block by a new name; a crash may leave it.
constexpr const char* kUnfinished = "unfinished";

std::string_view describe(BlockError error) {
  switch (error) {
    case BlockError::block_too_large:
      return "a block has at most 2 MiB";
    case BlockError::too_many_blocks:
      return "the store has as many blocks as BlockStore.MaxBlocks allows";
    case BlockError::too_many_bytes:
      return "the store would have more bytes than BlockStore.MaxBytes allows";
    case BlockError::wrong_cid:
      return "the data is not what its CID says";
    case BlockError::unknown_hash:
      break;
  }
  return "a CID with a hash function that is not known here";
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

Cid raw_cid(const Cid& cid) {
  const auto hash = cid.multihash();
  return Cid::v1(static_cast<std::uint64_t>(multiformats::Multicodec::raw), hash.code, hash.digest);
}

/// nullopt for files that are no blocks.
std::optional<Cid> cid_of(const std::string& name) {
  auto cid = Cid::from_string(name);
  if (!cid || cid->version() != 1 || *cid != raw_cid(*cid) || cid->to_string() != name) return {};
  return std::move(*cid);
}

/// Longer digests make names that no file can have.
bool can_be_stored(const Cid& cid) {
  const auto hash = cid.multihash();
  return crypto::is_known_hash(hash.code) && hash.digest.size() <= crypto::kMaxDigestSize;
}

/// With missing parents, all for their owner alone.
base::Status make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
  if (errno != ENOENT || !path.has_parent_path()) return base::fail(last_error());
  if (auto made = make_folder(path.parent_path()); !made) return made;
  if (::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
  return base::fail(last_error());
}

base::Status write_all(int file, base::ByteView data) {
  while (!data.empty()) {
    const ssize_t size = ::write(file, data.data(), data.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return base::fail(last_error());
    data = data.subspan(static_cast<std::size_t>(size));
  }
  return {};
}

/// One byte more than a block may have is enough to know that it has too many.
base::Result<base::Bytes> read_block(int file) {
  base::Bytes data;
  std::array<std::uint8_t, 64 << 10> piece{};
  while (data.size() <= kMaxBlockSize) {
    const ssize_t size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return base::fail(last_error());
    if (size == 0) return data;
    base::append(data, base::ByteView(piece).first(static_cast<std::size_t>(size)));
  }
  return base::fail(BlockError::block_too_large);
}

}  // namespace

const std::error_category& block_error_category() {
  static const base::ErrorCategory<BlockError> kCategory("block", describe);
  return kCategory;
}

std::error_code make_error_code(BlockError error) {
  return {static_cast<int>(error), block_error_category()};
}

base::Status verify_block(const Cid& cid, base::ByteView data) {
  if (!can_be_stored(cid)) return base::fail(BlockError::unknown_hash);
  const auto hash = cid.multihash();
  base::Bytes digest;
  if (!crypto::append_digest(hash.code, hash.digest.size(), data, digest)) {
    return base::fail(BlockError::unknown_hash);
  }
  if (!std::ranges::equal(digest, hash.digest)) return base::fail(BlockError::wrong_cid);
  return {};
}

/// Of the folder, for writing; makes it.
base::Result<base::FileDescriptor> BlockFiles::lock() const {
  if (auto made = make_folder(folder_); !made) return base::fail(made.error());
  base::FileDescriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::flock(folder.get(), LOCK_EX) != 0) return base::fail(last_error());
  return folder;
}

base::Result<Cid> BlockFiles::put(const Cid& cid, base::ByteView data) {
  if (data.size() > kMaxBlockSize) return base::fail(BlockError::block_too_large);
  if (auto verified = verify_block(cid, data); !verified) return base::fail(verified.error());
  auto raw = raw_cid(cid);
  const auto name = raw.to_string();
  const auto folder = lock();
  if (!folder) return base::fail(folder.error());
  if (::faccessat(folder->get(), name.c_str(), F_OK, 0) == 0) return raw;
  if (auto room = check_room(data.size()); !room) return base::fail(room.error());
  if (auto written = write(name, data, folder->get()); !written) {
    ::unlinkat(folder->get(), kUnfinished, 0);
    return base::fail(written.error());
  }
  return raw;
}

base::Status BlockFiles::check_room(std::uint64_t size) const {
  const auto stored = list();
  if (!stored) return base::fail(stored.error());
  if (stored->size() >= limits_.max_blocks) return base::fail(BlockError::too_many_blocks);
  for (const auto& block : *stored) size += block.size;
  if (size > limits_.max_bytes) return base::fail(BlockError::too_many_bytes);
  return {};
}

base::Status BlockFiles::write(const std::string& name, base::ByteView data, int folder) const {
  const base::FileDescriptor file(
      ::openat(folder, kUnfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivate));
  if (!file) return base::fail(last_error());
  if (auto written = write_all(file.get(), data); !written) return written;
  const bool durable = ::fsync(file.get()) == 0 &&
                       ::renameat(folder, kUnfinished, folder, name.c_str()) == 0 &&
                       ::fsync(folder) == 0;
  if (!durable) return base::fail(last_error());
  return {};
}

base::Result<std::optional<base::Bytes>> BlockFiles::get(const Cid& cid) const {
  if (!can_be_stored(cid)) return std::optional<base::Bytes>();
  const auto path = folder_ / raw_cid(cid).to_string();
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::optional<base::Bytes>();
  if (!file) return base::fail(last_error());
  auto data = read_block(file.get());
  if (!data) return base::fail(data.error());
  if (auto verified = verify_block(cid, *data); !verified) return base::fail(verified.error());
  return std::optional(std::move(*data));
}

base::Result<bool> BlockFiles::remove(const Cid& cid) {
  if (!can_be_stored(cid)) return false;
  std::error_code error;
  if (!fs::exists(folder_, error)) return error ? base::Result<bool>(base::fail(error)) : false;
  const auto folder = lock();
  if (!folder) return base::fail(folder.error());
  const auto name = raw_cid(cid).to_string();
  if (::unlinkat(folder->get(), name.c_str(), 0) != 0) {
    if (errno == ENOENT) return false;
    return base::fail(last_error());
  }
  if (::fsync(folder->get()) != 0) return base::fail(last_error());
  return true;
}

base::Result<std::vector<StoredBlock>> BlockFiles::list() const {
  std::vector<StoredBlock> blocks;
  std::error_code error;
  fs::directory_iterator entry(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return blocks;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    auto cid = cid_of(entry->path().filename().string());
    if (!cid) continue;
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (!gone) blocks.push_back({std::move(*cid), size});
  }
  if (error) return base::fail(error);
  std::ranges::sort(blocks, {}, [](const StoredBlock& block) { return block.cid.to_string(); });
  return blocks;
}

base::Result<std::optional<fs::file_time_type>> BlockFiles::changed_at() const {
  std::error_code error;
  const auto at = fs::last_write_time(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return std::optional<fs::file_time_type>();
  if (error) return base::fail(error);
  return std::optional(at);
}

}  // namespace mexport::storage
