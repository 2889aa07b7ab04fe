// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace mexport::libp2p::identify {

/// Lists of protocols in use, so that the many peers of one kind share one. One thread.
class ProtocolLists {
 public:
  using List = std::shared_ptr<const std::vector<std::string>>;

  /// The shared list that equals `protocols`.
  List intern(std::vector<std::string> protocols);
  /// Known lists, those that nobody uses any more included until the next sweep.
  std::size_t size() const { return known_.size(); }

 private:
  std::unordered_map<std::string, std::weak_ptr<const std::vector<std::string>>> known_;
  std::size_t sweep_at_ = 64;
};

}  // namespace mexport::libp2p::identify
