// SPDX-License-Identifier: MIT
#include "libp2p/yamux/stream_table.hpp"

#include "libp2p/yamux/stream.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::yamux {
namespace {

constexpr auto id_of = [](const std::unique_ptr<YamuxStream>& stream) { return stream->id(); };

}  // namespace

StreamTable::StreamTable() = default;
StreamTable::~StreamTable() = default;

YamuxStream* StreamTable::find(std::uint32_t id) const {
  const auto at = std::ranges::lower_bound(streams_, id, {}, id_of);
  return at != streams_.end() && id_of(*at) == id ? at->get() : nullptr;
}

YamuxStream* StreamTable::next_after(std::uint32_t id) const {
  const auto at = std::ranges::upper_bound(streams_, id, {}, id_of);
  return at != streams_.end() ? at->get() : nullptr;
}

YamuxStream& StreamTable::insert(std::unique_ptr<YamuxStream> stream) {
  const auto at = std::ranges::upper_bound(streams_, stream->id(), {}, id_of);
  return **streams_.insert(at, std::move(stream));
}

std::unique_ptr<YamuxStream> StreamTable::take(std::uint32_t id) {
  const auto at = std::ranges::lower_bound(streams_, id, {}, id_of);
  auto stream = std::move(*at);
  streams_.erase(at);
  if (streams_.empty()) streams_.shrink_to_fit();
  return stream;
}

std::size_t StreamTable::count_inbound(std::uint8_t protocol_tag) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(streams_, [&](const std::unique_ptr<YamuxStream>& stream) {
        return stream->protocol_tag() == protocol_tag && stream->direction() == Direction::inbound;
      }));
}

}  // namespace mexport::libp2p::yamux
