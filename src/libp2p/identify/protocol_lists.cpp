// SPDX-License-Identifier: MIT
#include "libp2p/identify/protocol_lists.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::identify {

ProtocolLists::List ProtocolLists::intern(std::vector<std::string> protocols) {
  std::string key;
  for (const auto& protocol : protocols) {
    // With its length, since a peer may put any byte into an id.
    key += std::to_string(protocol.size());
    key += ' ';
    key += protocol;
  }
  if (known_.size() >= sweep_at_) {
    std::erase_if(known_, [](const auto& item) { return item.second.expired(); });
    sweep_at_ = std::max<std::size_t>(64, known_.size() * 2);
  }
  auto& known = known_[key];
  auto list = known.lock();
  if (!list) {
    list = std::make_shared<const std::vector<std::string>>(std::move(protocols));
    known = list;
  }
  return list;
}

}  // namespace mexport::libp2p::identify
