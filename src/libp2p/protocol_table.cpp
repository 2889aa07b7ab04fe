// SPDX-License-Identifier: MIT
#include "libp2p/protocol_table.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

void ProtocolTable::add(std::string protocol, Factory factory, std::size_t max_streams) {
  const auto entry = std::ranges::find(entries_, protocol, &Entry::protocol);
  if (entry != entries_.end()) {
    *entry = {std::move(protocol), std::move(factory), max_streams};
  } else {
    entries_.push_back({std::move(protocol), std::move(factory), max_streams});
  }
}

std::uint8_t ProtocolTable::tag(std::string_view protocol) const {
  const auto entry = std::ranges::find(entries_, protocol, &Entry::protocol);
  if (entry == entries_.end()) return 0;
  return static_cast<std::uint8_t>(1 + (entry - entries_.begin()));
}

const ProtocolTable::Factory* ProtocolTable::find(std::string_view protocol) const {
  const auto entry = std::ranges::find(entries_, protocol, &Entry::protocol);
  return entry == entries_.end() ? nullptr : &entry->factory;
}

std::vector<std::string> ProtocolTable::protocols() const {
  std::vector<std::string> ids;
  ids.reserve(entries_.size());
  for (const Entry& entry : entries_) ids.push_back(entry.protocol);
  return ids;
}

}  // namespace mexport::libp2p
