// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "ipfs/blocks/block_set.hpp"
#include "multiformats/cid.hpp"
#include "tests/sim/truth.hpp"
#include "wire/length_delimited.hpp"

#include <memory>
#include <vector>

namespace mexport::sim {

/// The blocks that a monitor has, of all sizes, and their CIDs.
class Held {
 public:
  Held();

  const std::vector<multiformats::Cid>& cids() const { return cids_; }
  const std::shared_ptr<const ipfs::BlockSet>& blocks() const { return blocks_; }

 private:
  std::vector<multiformats::Cid> cids_;
  std::shared_ptr<const ipfs::BlockSet> blocks_;
};

/// What comes from the monitor on one stream: whole messages, that give and promise only what it
/// has.
class ReplyCheck {
 public:
  /// `held` may be null: the monitor has nothing. Both outlive it.
  ReplyCheck(const Held* held, Truth& truth) : held_(held), truth_(truth) {}

  void take(base::ByteView data);
  /// The monitor says that there is no more.
  void end();

 private:
  void check(const wire::BitswapMessage& message);
  bool has(base::ByteView cid) const;

  const Held* held_;
  Truth& truth_;
  wire::LengthDelimitedReader reader_{wire::kMaxBitswapMessageSize};
};

}  // namespace mexport::sim
