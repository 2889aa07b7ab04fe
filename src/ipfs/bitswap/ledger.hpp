// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/cid_table.hpp"
#include "ipfs/bitswap/options.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace mexport::ipfs {

/// What a peer still wants, as its messages on one connection said: whom to serve when a block
/// comes to be had. Keyed by CidHasher's hash of the CID, as many as its owner
/// lets in; O(1) per entry;
/// an empty one is a pointer.
class Ledger {
 public:
  struct Want {
    wire::WantType type = wire::WantType::block;
    bool send_dont_have = false;
    bool operator==(const Want&) const = default;
  };

  /// A want that is there already only gains: block over have, send_dont_have over none (boxo:
  /// bitswap/message/message.go, addEntry). Pre-condition: fewer than CidTable holds.
  void add(std::uint64_t cid_hash, Want want);
  bool cancel(std::uint64_t cid_hash);
  void clear() { wants_.reset(); }

  std::optional<Want> find(std::uint64_t cid_hash) const;
  std::size_t size() const { return wants_ ? wants_->size() : 0; }

 private:
  std::unique_ptr<CidTable> wants_;
};

}  // namespace mexport::ipfs
