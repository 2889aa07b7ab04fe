// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mexport::ipfs {

/// The blocks that a node has, in memory, by their multihash: any CID of it names the block. Who
/// hands a set to the shards does not change it any more.
class BlockSet {
 public:
  using Data = std::shared_ptr<const base::Bytes>;

  /// Replaces the one of that multihash. Whether the data is what it says is for the caller to
  /// know.
  void add(base::ByteView multihash, Data data);

  /// Null: it is not here.
  Data find(base::ByteView multihash) const;

  std::size_t size() const { return blocks_.size(); }
  bool empty() const { return blocks_.empty(); }
  /// Of all data.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>{}(key);
    }
  };
  std::unordered_map<std::string, Data, Hash, std::equal_to<>> blocks_;
  std::size_t bytes_ = 0;
};

}  // namespace mexport::ipfs
