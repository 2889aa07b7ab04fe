// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/stream.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::libp2p {

/// The protocols that we answer on streams that peers open. Filled before the first connection,
/// only read afterwards.
class ProtocolTable {
 public:
  /// Makes the handler of a stream whose protocol was just agreed on; nullptr refuses the stream
  /// (reset with resource_limit_exceeded). The view of the protocol id ends with the call.
  using Factory =
      std::function<std::unique_ptr<StreamHandler>(Stream& stream, std::string_view protocol)>;

  /// Replaces what was there for this protocol id.
  void add(std::string protocol, Factory factory);

  /// Exact match; nullptr when the protocol is not spoken.
  const Factory* find(std::string_view protocol) const;

  /// All ids, in the order in which they were added: what identify tells.
  std::vector<std::string> protocols() const;

 private:
  struct Entry {
    std::string protocol;
    Factory factory;
  };
  std::vector<Entry> entries_;
};

}  // namespace mexport::libp2p
