// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p {

/// Streams of one protocol that a peer may have open on a connection.
inline constexpr std::size_t kMaxStreamsPerProtocol = 256;

/// The protocols that we answer on streams that peers open. Filled before the first connection,
/// only read afterwards.
class ProtocolTable {
 public:
  /// Makes the handler of a stream whose protocol was just agreed on; nullptr refuses the stream
  /// (reset with resource_limit_exceeded). The view of the protocol id ends with the call.
  using Factory =
      std::function<std::unique_ptr<StreamHandler>(Stream& stream, std::string_view protocol)>;

  /// Replaces what was there for this protocol id. A connection may have `max_streams` of the
  /// peer's open at a time; further ones are reset with resource_limit_exceeded.
  void add(std::string protocol, Factory factory, std::size_t max_streams = kMaxStreamsPerProtocol);

  /// Exact match; nullptr when the protocol is not spoken.
  const Factory* find(std::string_view protocol) const;

  /// All ids, in the order in which they were added: what identify tells.
  std::vector<std::string> protocols() const;

  /// A number from 1 for each protocol of the table, 0 for others.
  std::uint8_t tag(std::string_view protocol) const;
  /// As given to add(). The tag is one of the table's.
  std::size_t max_streams(std::uint8_t tag) const { return entries_[tag - 1U].max_streams; }

 private:
  struct Entry {
    std::string protocol;
    Factory factory;
    std::size_t max_streams;
  };
  std::vector<Entry> entries_;
};

}  // namespace mexport::libp2p
