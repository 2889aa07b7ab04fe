// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "ipfs/blocks/block_set.hpp"

#include "storage/block_files.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

namespace mexport::app {

/// Follows the block store's folder, and tells what a node may serve: blocks that have been
/// checked.
class HeldBlocks {
 public:
  using Serve = std::function<void(std::shared_ptr<const ipfs::BlockSet>)>;

  /// `serve` is called from within look(), with a new set when there is one.
  HeldBlocks(storage::BlockFiles files, Serve serve, base::Logger log)
      : files_(std::move(files)), serve_(std::move(serve)), log_(std::move(log)) {}

  /// To be called about once a second; costs a look at the folder's time when nothing has changed.
  void look();
  static constexpr std::chrono::seconds kInterval{1};

 private:
  bool has_changed();
  std::shared_ptr<const ipfs::BlockSet> load();
  void complain(std::error_code error);

  storage::BlockFiles files_;
  Serve serve_;
  base::Logger log_;
  std::optional<std::filesystem::file_time_type> changed_at_;
  bool settled_ = false;  // no change can have the same time
  std::vector<storage::StoredBlock> blocks_;
  std::error_code error_;  // as last said
};

}  // namespace mexport::app
