// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/file_descriptor.hpp"
#include "base/result.hpp"
#include "multiformats/cid.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace mexport::storage {

/// Peers take no larger ones (boxo and Helia: 2 MiB).
inline constexpr std::size_t kMaxBlockSize = 2 << 20;

struct BlockLimits {
  std::size_t max_blocks = 4'096;
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
};

enum class BlockError : std::uint8_t {
  block_too_large = 1,  ///< above kMaxBlockSize
  too_many_blocks,      ///< BlockLimits
  too_many_bytes,       ///< the same
  wrong_cid,            ///< the data is not what the CID says
  unknown_hash,         ///< a CID that cannot be verified
};
const std::error_category& block_error_category();
std::error_code make_error_code(BlockError error);

struct StoredBlock {
  multiformats::Cid cid;  ///< version 1, raw
  std::uint64_t size = 0;
};

/// Blocks as files of one folder, each named by the CIDv1 of its raw bytes: whatever its content
/// type, a block is known by its multihash. Several processes may use one folder at a time. Errors
/// are BlockError and those of std::system_category.
class BlockFiles {
 public:
  /// The folder is made by the first put().
  explicit BlockFiles(std::filesystem::path folder, BlockLimits limits = {})
      : folder_(std::move(folder)), limits_(limits) {}

  /// Durably, under the raw CID that it returns. One that is there already stays.
  base::Result<multiformats::Cid> put(const multiformats::Cid& cid, base::ByteView data);
  /// nullopt: it is not there. What is there is held against its name (wrong_cid).
  base::Result<std::optional<base::Bytes>> get(const multiformats::Cid& cid) const;
  /// False: it was not there.
  base::Result<bool> remove(const multiformats::Cid& cid);
  /// In the order of their names. Files that are not named like blocks are left out.
  base::Result<std::vector<StoredBlock>> list() const;
  /// When a block was last put or removed; nullopt without a folder.
  base::Result<std::optional<std::filesystem::file_time_type>> changed_at() const;

  const BlockLimits& limits() const { return limits_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  base::Result<base::FileDescriptor> lock() const;
  base::Status check_room(std::uint64_t size) const;
  base::Status write(const std::string& name, base::ByteView data, int folder) const;

  std::filesystem::path folder_;
  BlockLimits limits_;
};

/// Whether `data` is what `cid` names. Errors: wrong_cid, unknown_hash.
base::Status verify_block(const multiformats::Cid& cid, base::ByteView data);

}  // namespace mexport::storage

template <>
struct std::is_error_code_enum<mexport::storage::BlockError> : std::true_type {};
