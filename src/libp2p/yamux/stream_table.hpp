// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mexport::libp2p::yamux {

class YamuxStream;

/// A session's open streams, sorted by id: eight bytes for each of the few that most connections
/// have, a binary search in the thousand that a connection may have.
class StreamTable {
 public:
  StreamTable();
  ~StreamTable();

  YamuxStream* find(std::uint32_t id) const;
  /// The stream with the smallest id above `id`, or nullptr. Lets a loop go on while streams come
  /// and go.
  YamuxStream* next_after(std::uint32_t id) const;
  /// The id must be free.
  YamuxStream& insert(std::unique_ptr<YamuxStream> stream);
  /// The stream must be in the table.
  std::unique_ptr<YamuxStream> take(std::uint32_t id);

  std::size_t size() const { return streams_.size(); }
  /// The peer's streams with this Stream::protocol_tag().
  std::size_t count_inbound(std::uint8_t protocol_tag) const;

 private:
  std::vector<std::unique_ptr<YamuxStream>> streams_;
};

}  // namespace mexport::libp2p::yamux
